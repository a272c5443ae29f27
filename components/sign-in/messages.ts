/** What the sign-in page says for each `error=` in its address. Unknown values, which anyone can type, get the general text. */
const MESSAGES: Record<string, string> = {
  expired: "Your session lasted its 12 hours. Sign in again to go on.",
  idle: "You were away for more than 2 hours. Sign in again to go on.",
  revoked: "You signed out.",
  "signed-out-everywhere": "You were signed out everywhere. Sign in again to go on.",
  suspended: "Your access is suspended. Ask an administrator of Sallyport to reactivate it.",
  groups:
    "The identity provider left out your groups or sent them in an unknown form, so your role is not known. Ask its administrator to send only the groups assigned to this application.",
  OAuthSignin: "The identity provider does not answer. Try again; if it stays, tell your administrator.",
  Callback: "The sign-in was cancelled, or the identity provider refused it. Start again, or ask your administrator.",
  OAuthCallback: "The identity provider's answer could not be accepted. Start the sign-in again.",
};

export function signInMessage(error: string | null): string | null {
  if (error === null) return null;
  return Object.hasOwn(MESSAGES, error)
    ? (MESSAGES[error] ?? null)
    : "The sign-in did not work. Try again; if it stays, tell your administrator.";
}
