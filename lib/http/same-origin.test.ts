import { describe, expect, it } from "vitest";
import { requireSameOrigin } from "./same-origin";

const CONSOLE = "https://console.example.com/";
const headers = (given: Record<string, string>) => new Headers(given);

describe("requests that change something", () => {
  it("pass from the console's own pages, with and without Sec-Fetch-Site", () => {
    requireSameOrigin(headers({ origin: "https://console.example.com", "sec-fetch-site": "same-origin" }), CONSOLE);
    requireSameOrigin(headers({ origin: "https://console.example.com" }), CONSOLE);
  });

  it.each([
    ["no origin", {}],
    ["an opaque origin", { origin: "null" }],
    ["another host", { origin: "https://evil.example.com" }],
    ["another scheme", { origin: "http://console.example.com" }],
    ["another port", { origin: "https://console.example.com:8443" }],
    ["a sister site", { origin: "https://console.example.com", "sec-fetch-site": "same-site" }],
    ["a foreign site", { origin: "https://console.example.com", "sec-fetch-site": "cross-site" }],
  ])("are refused with %s", (_, given) => {
    expect(() => requireSameOrigin(headers(given), CONSOLE)).toThrow(/own pages/);
  });
});
