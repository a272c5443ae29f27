import { createHash } from "node:crypto";

/** HTML that is safe to place into a page. Only `html` and `raw` make it. */
export interface Html {
  readonly safe: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** Template tag: every value that is not itself `Html` is escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  const parts = values.map((value) => {
    if (typeof value === "string") return escapeHtml(value);
    return "safe" in value ? value.safe : value.map((one) => one.safe).join("");
  });
  return { safe: strings.reduce((text, string, index) => text + (parts[index - 1] ?? "") + string) };
}

/** The product's colours and type (app/globals.css), in both themes, as far as these few pages need them. */
const STYLE = `
:root{color-scheme:light dark;--bg:light-dark(#f8f8f9,#0c0d10);--surface:light-dark(#fff,#121317);--hover:light-dark(#f1f1f4,#1d1f26);
--line:light-dark(#e4e4e9,#282a32);--strong:light-dark(#8b8c97,#70737f);--fg:light-dark(#18191d,#ececf0);--muted:light-dark(#53555f,#abadb8);
--accent:light-dark(#4450cf,#5561e0);--accent-hover:light-dark(#3843b8,#6470ea);--warn:light-dark(#7c5000,#e9ba4e);--warn-soft:light-dark(#fbf1da,#2c2410);--danger:light-dark(#ad2222,#ff8f8a)}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--bg);color:var(--fg);
font:14px/22px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main{width:100%;max-width:400px;padding:28px;background:var(--surface);border:1px solid var(--line);border-radius:8px}
h1{margin:0 0 4px;font-size:18px;line-height:26px;font-weight:600}
p{margin:0 0 16px;color:var(--muted)}
ul{margin:0 0 16px;padding:0;list-style:none;display:grid;gap:8px}
form{margin:0}
button{width:100%;min-height:40px;padding:8px 14px;font:inherit;font-weight:500;text-align:center;color:var(--fg);background:var(--surface);border:1px solid var(--strong);border-radius:6px;cursor:pointer}
button:hover{background:var(--hover)}
button.primary{color:#fff;background:var(--accent);border-color:var(--accent)}
button.primary:hover{background:var(--accent-hover)}
button.person{text-align:left}
button.person span{display:block;color:var(--muted);font-weight:400;font-size:13px;line-height:20px}
button:focus-visible,input:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.stack{display:grid;gap:8px}
label{display:block;margin:0 0 6px;font-weight:500}
input[type=text]{width:100%;min-height:40px;margin:0 0 12px;padding:8px 12px;font:16px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;letter-spacing:.08em;text-transform:uppercase;color:var(--fg);background:var(--bg);border:1px solid var(--strong);border-radius:6px}
code{display:block;margin:0 0 16px;padding:12px;font:600 22px/28px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;text-align:center;letter-spacing:.08em;background:var(--bg);border:1px solid var(--line);border-radius:6px}
.note{margin:20px 0 0;padding:8px 12px;font-size:13px;line-height:20px;color:var(--warn);background:var(--warn-soft);border-radius:6px}
.problem{color:var(--danger)}
li.plain{padding:8px 12px;border:1px solid var(--line);border-radius:6px}
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/**
 * The header that goes with every page. `script-src` is there for oidc-provider, which adds the hash of its self-submitting forms.
 * Browsers apply `form-action` to the redirects after a form too, so the applications' origins belong into it.
 */
export function contentSecurityPolicy(applications: readonly string[]): string {
  return [
    "default-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "script-src 'self'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "img-src data:",
    `form-action 'self' ${applications.join(" ")}`,
  ].join(";");
}

/** A whole page. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title} - Sallyport development sign-in</title>
<style>${{ safe: STYLE }}</style>
</head>
<body>
<main>
${body}
<p class="note">This is the development identity provider. It asks for no password and runs on this computer only.</p>
</main>
</body>
</html>
`.safe;
}
