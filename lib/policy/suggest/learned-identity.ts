/** Somebody whose statements were seen, as far as a policy binds them. */
export interface LearnedIdentity {
  readonly id: string;
  readonly name: string;
  readonly kind: "machine" | "person";
  readonly clientId: string | null;
  readonly subject: string;
}
