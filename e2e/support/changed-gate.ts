import type { PreparedDecision, Ruling, StatementGate } from "@/proxy/session/gate";
import type { Settings } from "./wire-gateway";

/** The gate with each ruling passed through `changeRuling`, together with the text that it is about. */
export function changedGate(gate: StatementGate, settings: Pick<Settings, "changeRuling">): StatementGate {
  const texts = new Map<PreparedDecision, string>();
  const change = (ruling: Ruling | Promise<Ruling>, sql: string) =>
    ruling instanceof Promise
      ? ruling.then((later) => settings.changeRuling(later, sql))
      : settings.changeRuling(ruling, sql);
  const remember = (ruling: Ruling, sql: string) => {
    if (ruling.kind === "forward" && ruling.prepared !== null) texts.set(ruling.prepared, sql);
    return ruling;
  };
  return {
    query: (bytes, from, to, request) => {
      const sql = bytes.toString("utf8", from, to);
      return change(gate.query(bytes, from, to, request), sql);
    },
    prepare: (bytes, from, to, request) => {
      const sql = bytes.toString("utf8", from, to);
      const ruling = change(gate.prepare(bytes, from, to, request), sql);
      return ruling instanceof Promise ? ruling.then((later) => remember(later, sql)) : remember(ruling, sql);
    },
    execute: (prepared, values, request) => change(gate.execute(prepared, values, request), texts.get(prepared) ?? ""),
    enterSchema: (schema, request) => gate.enterSchema(schema, request),
    fieldList: (table, request) => change(gate.fieldList(table, request), table),
    tablesChanged: () => gate.tablesChanged(),
    interrupt: () => gate.interrupt(),
    sessionOver: (killed) => gate.sessionOver(killed),
  };
}
