import { describe, expect, it } from "vitest";
import { refusedUrl } from "./target";

describe("a webhook's address", () => {
  it.each([
    "https://hooks.example.com/services/T/B/x",
    "https://10.0.0.5:8443/hook",
    "https://[2001:db8::1]/hook",
    "http://localhost:9000/hook",
    "http://127.0.0.1/hook",
    "http://[::1]:9000/",
  ])("may be %s", (url) => {
    expect(refusedUrl(url)).toBeNull();
  });

  it.each([
    ["hooks.example.com", /whole address/],
    ["http://hooks.example.com/", /https/],
    ["http://10.0.0.5/", /https/],
    ["http://127.0.0.1.example.com/", /https/],
    ["ftp://example.com/", /https/],
    ["file:///etc/passwd", /https/],
    ["https://user:secret@example.com/", /password/],
    ["https://example.com/#x", /fragment/],
    ["https://169.254.169.254/latest/meta-data", /metadata/],
    ["https://2852039166/", /metadata/],
    ["https://0xa9fea9fe/", /metadata/],
    ["https://[fe80::1]/", /link-local/],
    ["https://[::ffff:169.254.169.254]/", /metadata/],
    ["https://[fd00:ec2::254]/", /metadata/],
    ["https://0.0.0.0/", /unspecified/],
  ])("may not be %s", (url, why) => {
    expect(refusedUrl(url)).toMatch(why);
  });
});
