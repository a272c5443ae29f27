import { describe, expect, it } from "vitest";
import { parseMachineClients } from "./machine-clients";

describe("DEV_IDP_CLIENTS", () => {
  it("is a list of id:secret with optional groups", () => {
    expect(parseMachineClients("a:x, b:y:g1+g2 ,")).toEqual([
      { id: "a", secret: "x", groups: [] },
      { id: "b", secret: "y", groups: ["g1", "g2"] },
    ]);
    expect(parseMachineClients("")).toEqual([]);
  });

  it.each([
    ["a", /entry 1 \("a"\) must be id:secret/],
    ["a:x,b:", /entry 2 \("b"\) must be id:secret/],
    ["a:x:g:more", /entry 1/],
    ["no spaces:x", /client id of letters/],
    ["a:x,a:y", /"a" twice/],
    ["orders-agent:x", /"orders-agent" twice/],
    ["stock-agent:x", /"stock-agent" twice/],
  ])("refuses %s", (text, message) => {
    expect(() => parseMachineClients(text)).toThrow(message);
  });

  it("never repeats a secret in its complaint", () => {
    expect(() => parseMachineClients("bad id:topsecret")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("topsecret") }),
    );
  });
});
