import { type Html, html, page } from "./page";
import type { Person } from "./people";

/** Choose who you are. */
export function loginPage(uid: string, application: string, people: readonly Person[]): string {
  const choices = people.map(
    (person) =>
      html`<li><button class="person" name="sub" value="${person.sub}">${person.name}<span>${person.about}</span></button></li>`,
  );
  return page(
    "Sign in",
    html`<h1>Sign in</h1>
<p>to ${application}. Choose who you are:</p>
<form method="post" action="/interaction/${uid}/login"><ul>${choices}</ul></form>
${abortForm(uid, "Cancel")}`,
  );
}

/** May this application act for you? `wishes` says in words what it asks for. */
export function consentPage(uid: string, application: string, wishes: readonly string[]): string {
  return page(
    "Allow access",
    html`<h1>Allow access?</h1>
<p>${application} would like to:</p>
<ul>${wishes.map((wish) => html`<li class="plain">${wish}</li>`)}</ul>
<div class="stack">
<form method="post" action="/interaction/${uid}/consent"><button class="primary">Allow</button></form>
${abortForm(uid, "Refuse")}
</div>`,
  );
}

function abortForm(uid: string, label: string): Html {
  return html`<form method="post" action="/interaction/${uid}/abort"><button>${label}</button></form>`;
}

/** Enter the code that a device shows. */
export function deviceCodePage(action: string, xsrf: string, code: string, problem: string | null): string {
  return page(
    "Connect a device",
    html`<h1>Connect a device</h1>
<p>Enter the code that your terminal or device shows.</p>
${problem === null ? html`` : html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="${action}">
<input type="hidden" name="xsrf" value="${xsrf}">
<label for="code">Code</label>
<input id="code" type="text" name="user_code" value="${code}" autocomplete="off" autocapitalize="characters" spellcheck="false" autofocus required>
<button class="primary">Continue</button>
</form>`,
  );
}

/** Is this the code you see? `form` is oidc-provider's own hidden form, with the id op.deviceConfirmForm. */
export function deviceConfirmPage(form: string, application: string, code: string): string {
  return page(
    "Confirm the device",
    html`<h1>Is this your device?</h1>
<p>${application} asks to act for you. Go on only if it shows this code:</p>
<code>${code}</code>
${{ safe: form }}
<div class="stack">
<button class="primary" form="op.deviceConfirmForm">Yes, continue</button>
<button form="op.deviceConfirmForm" name="abort" value="yes">No, cancel</button>
</div>`,
  );
}

export function deviceDonePage(application: string): string {
  return page(
    "Device connected",
    html`<h1>Device connected</h1><p>${application} may now act for you. You can close this page.</p>`,
  );
}

/** Sign out here too? `form` is oidc-provider's own hidden form, with the id op.logoutForm. */
export function logoutPage(form: string): string {
  return page(
    "Sign out",
    html`<h1>Sign out?</h1>
<p>This ends your session at the identity provider, for every application that uses it.</p>
${{ safe: form }}
<div class="stack">
<button class="primary" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<button form="op.logoutForm">Stay signed in</button>
</div>`,
  );
}

export function signedOutPage(): string {
  return page("Signed out", html`<h1>Signed out</h1><p>You can close this page.</p>`);
}

export function errorPage(error: string, description: string): string {
  return page(
    "Something went wrong",
    html`<h1>Something went wrong</h1>
<p class="problem">${description === "" ? error : `${description} (${error})`}</p>
<p>Go back to the application and start again.</p>`,
  );
}
