import type { Detector } from "./detector";

const PASSWORD_HASHES: readonly RegExp[] = [
  /^\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}$/, // bcrypt
  /^\$argon2(?:id|i|d)\$/,
  /^\$(?:scrypt|7|y|gy)\$/, // scrypt, yescrypt
  /^\$[156]\$[^$]{1,64}\$[./A-Za-z0-9]{20,}$/, // crypt(3)
  /^(?:\{?pbkdf2[-_:]?[a-z0-9_-]*\}?|\$pbkdf2[-a-z0-9]*)[$:]\d/i,
  /^scrypt:\d+:\d+:\d+\$/,
  /^\{(?:SSHA|SHA|SMD5|CRYPT)[0-9]*\}/,
  /^\*[0-9A-F]{40}$/, // mysql_native_password
  /^\$A\$\d{3}\$/, // caching_sha2_password
];
const KEYS: readonly RegExp[] = [
  /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/,
  /^-----BEGIN PGP PRIVATE KEY BLOCK-----/,
  /^(?:AKIA|ASIA)[A-Z0-9]{16}$/, // AWS
  /^gh[opsur]_[A-Za-z0-9]{30,255}$/, // GitHub
  /^github_pat_[A-Za-z0-9_]{30,}$/,
  /^glpat-[A-Za-z0-9_-]{16,}$/, // GitLab
  /^xox[abeoprs]-[A-Za-z0-9-]{10,}$/, // Slack
  /^https:\/\/hooks\.slack\.com\/services\//,
  /^(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}$/, // Stripe
  /^whsec_[A-Za-z0-9+/=]{16,}$/,
  /^AIza[A-Za-z0-9_-]{35}$/, // Google
  /^npm_[A-Za-z0-9]{36}$/,
  /^sk-[A-Za-z0-9_-]{20,}$/,
  /^SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}$/, // SendGrid
];
const JWT = /^(?:Bearer )?eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*$/;

const some = (patterns: readonly RegExp[]) => (value: string) => patterns.some((pattern) => pattern.test(value));

/** Shannon entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Long text without any structure: hex of 128 bits and more, or mixed letters and digits of more than 100. */
export function isRandomText(value: string): boolean {
  if (value.length < 24 || value.length > 512) return false;
  if (/^(?:[0-9a-f]{32,}|[0-9A-F]{32,})$/.test(value)) return value.length % 2 === 0 && entropy(value) > 2.8;
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
  return mixed && /^[A-Za-z0-9+/_-]+={0,2}$/.test(value) && entropy(value) > 3.9;
}

const known = { kind: "secret", certainty: 98, leastShare: 0.02, leastValues: 1, families: ["text", "bytes"] } as const;

/** Long random text may be a checksum or an id as well: this much and no more. */
export const RANDOM_TEXT_CERTAINTY = 45;

export const SECRET_DETECTORS: readonly Detector[] = [
  { ...known, what: "password hashes", fits: some(PASSWORD_HASHES) },
  { ...known, what: "private keys or keys of known services", fits: some(KEYS) },
  { ...known, what: "JSON web tokens", fits: (value) => JWT.test(value) },
  {
    ...known,
    what: "long random text like keys and tokens",
    certainty: RANDOM_TEXT_CERTAINTY,
    leastShare: 0.8,
    leastValues: 3,
    fits: isRandomText,
  },
];
