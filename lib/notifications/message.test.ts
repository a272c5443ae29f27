import { describe, expect, it } from "vitest";
import type { ApprovalFacts, EventPayload } from "./events";
import { bodyOf } from "./message";

const APPROVAL: ApprovalFacts = {
  id: "01HZZZZZZZZZZZZZZZZZZZZZZZ",
  state: "pending",
  connection: "shop",
  identity: "orders<agent>",
  statementClass: "update",
  template: "UPDATE orders SET status = ? WHERE id < ?",
  policy: "agents",
  rule: "refund",
  reason: "refunds & credits need a person",
  hold: "held",
  requestedAt: "2026-11-01T12:00:00.000Z",
  expiresAt: "2026-11-02T12:00:00.000Z",
  required: 1,
  decidedBy: null,
  decisionNote: null,
  grant: null,
};
const payload = (type: EventPayload["type"], change: Partial<ApprovalFacts> = {}): EventPayload => ({
  type,
  timestamp: "2026-11-01T12:00:00.000Z",
  approval: type === "webhook.test" ? null : { ...APPROVAL, ...change },
});
const CONSOLE = "https://sallyport.example.com";

describe("messages", () => {
  it("are the event with its facts and a link, as JSON", () => {
    expect(JSON.parse(bodyOf(payload("approval.requested"), "generic", CONSOLE))).toEqual({
      type: "approval.requested",
      timestamp: "2026-11-01T12:00:00.000Z",
      data: {
        text: "orders<agent> asks for approval of a statement (update) on shop",
        link: `${CONSOLE}/approvals/${APPROVAL.id}`,
        approval: APPROVAL,
      },
    });
  });

  it("are one text for chats, in which nothing from outside is a link or a mention", () => {
    const { text } = JSON.parse(bodyOf(payload("approval.requested"), "slack", CONSOLE));
    expect(text).toContain("orders&lt;agent&gt; asks for approval");
    expect(text).toContain("refunds &amp; credits");
    expect(text).toContain("WHERE id &lt; ?");
    expect(text).toContain(`<${CONSOLE}/approvals/${APPROVAL.id}|Open in Sallyport>`);
  });

  it.each([
    ["approval.approved", { decidedBy: "Rita", decisionNote: "fine" }, /^\*Rita approved .*\nfine\n/],
    ["approval.denied", { decidedBy: "Rita", decisionNote: "wrong id" }, /^\*Rita denied .*\nwrong id\n/],
    ["approval.expired", {}, /^\*Nobody decided in time/],
    ["webhook.test", {}, /^\*Test message: this webhook works\*$/],
  ] as const)("say what happened: %s", (type, change, expected) => {
    expect(JSON.parse(bodyOf(payload(type, change), "slack", CONSOLE)).text).toMatch(expected);
  });
});
