import { SallyportError } from "@/lib/errors/error";
import { type Ruling, type StatementGate, type StatementRequest, UNDECIDED } from "../session/gate";

/** Whether all that the text can do, in this schema, is to answer. */
export type PureText = (text: Buffer, schema: string | null) => boolean;

/**
 * A gate behind which nothing but reads goes upstream: what the inner one forwards is refused unless it can do nothing else. A second
 * belt: a self-test sends only what it foresees to be refused or to be a read, and a policy may be published in between.
 */
export function readsOnly(gate: StatementGate, isPureRead: PureText): StatementGate {
  const checked = (
    ruling: Ruling | Promise<Ruling>,
    isPure: () => boolean,
    request: StatementRequest,
  ): Ruling | Promise<Ruling> => {
    if (ruling instanceof Promise) return ruling.then((later) => checked(later, isPure, request));
    return ruling.kind === "forward" && !isPure() ? refuse(request) : ruling;
  };
  const text = (bytes: Buffer, from: number, to: number) => Buffer.from(bytes.subarray(from, to));
  return {
    query: (bytes, from, to, request) => {
      const sent = text(bytes, from, to);
      return checked(gate.query(bytes, from, to, request), () => isPureRead(sent, request.schema), request);
    },
    prepare: (bytes, from, to, request) => {
      const sent = text(bytes, from, to);
      return checked(gate.prepare(bytes, from, to, request), () => isPureRead(sent, request.schema), request);
    },
    // Of a statement that was a read when it was prepared.
    execute: (prepared, values, request) => gate.execute(prepared, values, request),
    enterSchema: (schema, request) => checked(gate.enterSchema(schema, request), () => false, request),
    fieldList: (table, request) => gate.fieldList(table, request),
    tablesChanged: () => gate.tablesChanged(),
    interrupt: () => gate.interrupt(),
    sessionOver: (killed) => gate.sessionOver(killed),
  };
}

function refuse({ id }: StatementRequest): Ruling {
  return {
    kind: "refuse",
    error: new SallyportError("POLICY_DENIED", "A self-test sends nothing that could do more than read", {
      next: "Nothing has to be done",
    }),
    references: { event: id },
    decision: UNDECIDED,
  };
}
