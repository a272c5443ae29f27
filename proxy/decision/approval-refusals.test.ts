import { describe, expect, it } from "vitest";
import { mysqlError } from "@/lib/errors/mysql";
import { newId } from "@/lib/ids";
import { notApproved, pending } from "./approval-refusals";

const LONG = "because ".repeat(80);
/** Clients cut messages there. */
const CLIENT_BYTES = 512;
const decision = { id: "a", decidedBy: "Rita", decidedAt: null, grant: null };

describe("what clients are told of approvals", () => {
  it("fits into what clients keep of a message, however long the reason is", () => {
    const references = { event: newId(), approval: newId(), rule: "refund" };
    for (const error of [
      pending(LONG, newId(), "https://sallyport.example.com", true),
      notApproved({ ...decision, state: "denied", reason: LONG }),
    ]) {
      expect(Buffer.byteLength(mysqlError(error, references).message)).toBeLessThan(CLIENT_BYTES);
    }
  });

  it("says what to do of every end", () => {
    expect(pending("why", "A1", "https://c.example", false).next).toBe(
      "Approval A1 is requested; retry the identical statement once it is approved at https://c.example/approvals/A1",
    );
    expect(notApproved({ ...decision, state: "denied", reason: "no" })).toMatchObject({
      code: "APPROVAL_DENIED",
      message: "A reviewer denied this statement: no",
    });
    expect(notApproved({ ...decision, state: "expired", reason: null })).toMatchObject({
      code: "APPROVAL_PENDING",
      next: "Send the statement again to ask anew",
    });
    expect(notApproved({ ...decision, state: "cancelled", reason: "the connection was deleted" })).toMatchObject({
      code: "APPROVAL_DENIED",
      message: "The request for approval was withdrawn: the connection was deleted",
    });
  });
});
