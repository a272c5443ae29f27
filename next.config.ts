import type { NextConfig } from "next";

/** Headers that do not change per request; the content policy with its nonce is made in proxy.ts. */
const FIXED_HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  {
    key: "Permissions-Policy",
    value: "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
  },
];

const config: NextConfig = {
  turbopack: { root: import.meta.dirname },
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` type-checks the whole project; a start on someone's computer need not do so again.
  typescript: { ignoreBuildErrors: true },
  // mysql2 loads its parts at run time, and the parser is large: both stay outside the bundle.
  serverExternalPackages: ["mysql2", "drizzle-orm", "node-sql-parser", "pino"],
  experimental: { authInterrupts: true },
  headers: async () => [{ source: "/:path*", headers: FIXED_HEADERS }],
};

export default config;
