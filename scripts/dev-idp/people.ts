/** Someone who signs in to the demo with one click. */
export interface Person {
  /** Their subject at this IdP. */
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly groups: readonly string[];
  /** What they are for, shown on the sign-in page. */
  readonly about: string;
}

/** The demo's people. Their groups meet SALLYPORT_ROLES of the embedded default. */
export const PEOPLE: readonly Person[] = [
  {
    sub: "ada",
    name: "Ada Admin",
    email: "ada@example.com",
    groups: ["sallyport-admins"],
    about: "Admin: connections, policies, identities",
  },
  {
    sub: "rita",
    name: "Rita Reviewer",
    email: "rita@example.com",
    groups: ["sallyport-reviewers", "dba"],
    about: "Reviewer, database administrator",
  },
  {
    sub: "otto",
    name: "Otto Reviewer",
    email: "otto@example.com",
    groups: ["sallyport-reviewers"],
    about: "Reviewer",
  },
  {
    sub: "amir",
    name: "Amir Auditor",
    email: "amir@example.com",
    groups: ["sallyport-auditors"],
    about: "Auditor: reads everything, changes nothing",
  },
  {
    sub: "nils",
    name: "Nils Newcomer",
    email: "nils@example.com",
    groups: ["engineering"],
    about: "No role: sees what a person without access sees",
  },
];

export function personBySubject(sub: string): Person | undefined {
  return PEOPLE.find((person) => person.sub === sub);
}
