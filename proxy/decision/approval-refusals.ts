import { approvalLink } from "@/lib/approvals/link";
import type { PolledDecision } from "@/lib/approvals/poll-decisions";
import { SallyportError } from "@/lib/errors/error";

/** Clients keep about 500 bytes of a message: what to do must not fall off its end. */
const MAX_WORDS = 120;

const short = (text: string) => ([...text].length > MAX_WORDS ? `${[...text].slice(0, MAX_WORDS).join("")}...` : text);

const ASK_ANEW = "Send the statement again to ask anew";

/** Nobody has decided yet, or nobody is waited for. `waited`: the client was held. */
export function pending(reason: string, approval: string, consoleUrl: string, waited: boolean): SallyportError {
  const what = waited
    ? "A person must approve this statement, and nobody has decided yet"
    : "A person must approve this statement";
  return new SallyportError("APPROVAL_PENDING", `${what}: ${short(reason)}`, {
    next: `Approval ${approval} is requested; retry the identical statement once it is approved at ${approvalLink(consoleUrl, approval)}`,
  });
}

/** A self-test's: no person is to decide on it. */
export function unasked(reason: string): SallyportError {
  return new SallyportError("APPROVAL_PENDING", `A person must approve this statement: ${short(reason)}`, {
    next: "Nothing has to be done: a self-test asks nobody",
  });
}

/** A request that ended without an approval. */
export function notApproved({ state, reason }: PolledDecision): SallyportError {
  const because = reason === null || reason === "" ? "" : `: ${short(reason)}`;
  switch (state) {
    case "denied":
      return new SallyportError("APPROVAL_DENIED", `A reviewer denied this statement${because}`, {
        next: "Do not send it again unchanged: do what the reason says, or ask the reviewer",
      });
    case "expired":
      return new SallyportError("APPROVAL_PENDING", "The request for approval expired before anybody decided", {
        next: ASK_ANEW,
      });
    case "approved":
    case "cancelled":
      return new SallyportError("APPROVAL_DENIED", `The request for approval was withdrawn${because}`, {
        next: ASK_ANEW,
      });
    default:
      return state satisfies never;
  }
}

export function cannotBeReviewed(why: string, next: string): SallyportError {
  return new SallyportError("POLICY_DENIED", `The policy asks for a review of this statement, and ${why}`, { next });
}

export function noApprovals(): SallyportError {
  return new SallyportError("UNAVAILABLE", "The statement needs an approval, and the request could not be recorded", {
    next: "Try again in a moment",
  });
}
