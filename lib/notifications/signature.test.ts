import { describe, expect, it } from "vitest";
import { newSecret, signatureOf, signedHeaders } from "./signature";

describe("signatures", () => {
  // The example of the Standard Webhooks specification.
  const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const BODY = '{"test": 2432232314}';
  const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  it("are those of Standard Webhooks", () => {
    expect(signatureOf(SECRET, ID, 1_614_265_330, BODY)).toBe(SIGNATURE);
  });

  it("come with the message's id and its time in seconds", () => {
    const headers = signedHeaders(SECRET, ID, new Date(1_614_265_330_999), BODY);
    expect(headers).toMatchObject({
      "webhook-id": ID,
      "webhook-timestamp": "1614265330",
      "webhook-signature": SIGNATURE,
    });
  });

  it.each([
    ["body", [SECRET, ID, 1_614_265_330, `${BODY} `]],
    ["id", [SECRET, `${ID}x`, 1_614_265_330, BODY]],
    ["time", [SECRET, ID, 1_614_265_331, BODY]],
    ["secret", [newSecret(), ID, 1_614_265_330, BODY]],
  ] as const)("differ with another %s", (_what, [secret, id, timestamp, body]) => {
    expect(signatureOf(secret, id, timestamp, body)).not.toBe(SIGNATURE);
  });

  it("are made with secrets of 32 random bytes", () => {
    const secret = newSecret();
    expect(secret).toMatch(/^whsec_/);
    expect(Buffer.from(secret.slice(6), "base64")).toHaveLength(32);
    expect(newSecret()).not.toBe(secret);
  });
});
