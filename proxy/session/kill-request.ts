/** What a client's KILL asks for. */
export interface KillRequest {
  readonly id: number;
  readonly statementOnly: boolean;
}
