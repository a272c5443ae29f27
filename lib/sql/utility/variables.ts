import type { SessionEffect } from "./utility";

/** One value on the right side of SET; words as written. */
export interface SetValue {
  readonly kind: "word" | "string" | "integer" | "decimal";
  readonly text: string;
}

/** What an assignment does, `tracking` when the gateway keeps it to itself, or null when the value is not allowed. */
export type Assigned = readonly SessionEffect[] | "tracking" | null;

type Allowed = (name: string, value: SetValue) => Assigned;

const plain = (name: string, value: SetValue): Assigned => [{ kind: "variable", name, value: value.text }];
const when =
  (test: (value: SetValue) => boolean, then: Allowed = plain): Allowed =>
  (name, value) =>
    test(value) ? then(name, value) : null;

const upper = (value: SetValue) => value.text.toUpperCase();
const isDefault = (value: SetValue) => value.kind === "word" && upper(value) === "DEFAULT";
const isTrue = (value: SetValue) =>
  value.kind === "integer" ? value.text === "1" : ["ON", "TRUE"].includes(upper(value));
const isFalse = (value: SetValue) =>
  value.kind === "integer" ? value.text === "0" : ["OFF", "FALSE"].includes(upper(value));
const isSwitch = (value: SetValue) => isTrue(value) || isFalse(value);
const integerBetween = (low: number, high: number) => (value: SetValue) =>
  value.kind === "integer" && value.text.length <= 15 && Number(value.text) >= low && Number(value.text) <= high;
const matching = (pattern: RegExp) => (value: SetValue) =>
  (value.kind === "word" || value.kind === "string") && pattern.test(value.text);

const seconds = when(integerBetween(1, 31_536_000));
const utf8 = /^utf8(?:mb[34])?$/i;
const utf8Collation = /^utf8(?:mb[34])?_[a-z0-9_]{1,48}$/i;

const characterSet =
  (of: "client" | "connection" | "results"): Allowed =>
  (_name, value) => [{ kind: "characterSet", of, characterSet: value.text.toLowerCase() }];

const isNull = (value: SetValue) => value.kind === "word" && upper(value) === "NULL";

const results: Allowed = (name, value) => {
  if (isNull(value)) return [{ kind: "characterSet", of: "results", characterSet: null }];
  return matching(utf8)(value) ? characterSet("results")(name, value) : null;
};

const tracking: Allowed = () => "tracking";
const isolation = when(matching(/^(?:read-uncommitted|read-committed|repeatable-read|serializable)$/i));

const timeLimit =
  (unit: number): Allowed =>
  (_name, value) => {
    const number = value.kind === "integer" || value.kind === "decimal" ? Number(value.text) : Number.NaN;
    if (!Number.isFinite(number) || number > 31_536_000_000) return null;
    return [{ kind: "timeLimit", milliseconds: Math.round(number * unit) }];
  };

/** Session variables that may be set, each with the values that are safe. What is not here is refused by name. */
const SETTABLE: ReadonlyMap<string, Allowed> = new Map<string, Allowed>([
  ["autocommit", when(isSwitch, (_name, value) => [{ kind: "autocommit", on: isTrue(value) }])],
  ["time_zone", when(matching(/^[A-Za-z0-9_+:/-]{1,64}$/))],
  ["character_set_client", when(matching(utf8), characterSet("client"))],
  ["character_set_connection", when(matching(utf8), characterSet("connection"))],
  ["character_set_results", results],
  ["character_set_server", when(matching(utf8))],
  ["collation_connection", when(matching(utf8Collation))],
  ["collation_server", when(matching(utf8Collation))],
  ["session_track_schema", tracking],
  ["session_track_system_variables", tracking],
  ["session_track_state_change", tracking],
  ["session_track_transaction_info", tracking],
  ["session_track_gtids", tracking],
  ["net_write_timeout", seconds],
  ["net_read_timeout", seconds],
  ["wait_timeout", seconds],
  ["interactive_timeout", seconds],
  ["lock_wait_timeout", seconds],
  ["innodb_lock_wait_timeout", seconds],
  ["max_execution_time", timeLimit(1)],
  ["max_statement_time", timeLimit(1000)],
  ["sql_auto_is_null", when(isFalse)],
  ["sql_safe_updates", when(isSwitch)],
  ["sql_select_limit", when((value) => isDefault(value) || (value.kind === "integer" && value.text.length <= 20))],
  ["sql_notes", when(isSwitch)],
  ["sql_warnings", when(isSwitch)],
  ["sql_quote_show_create", when(isSwitch)],
  ["transaction_isolation", isolation],
  ["tx_isolation", isolation],
  ["transaction_read_only", when(isSwitch)],
  ["tx_read_only", when(isSwitch)],
  ["group_concat_max_len", when(integerBetween(4, 67_108_864))],
  ["information_schema_stats_expiry", when(integerBetween(0, 31_536_000))],
  ["lc_time_names", when(matching(/^[a-z]{2,3}_[A-Z]{2}$/))],
  ["default_week_format", when(integerBetween(0, 7))],
  ["div_precision_increment", when(integerBetween(0, 30))],
]);

/** What `SET name = value` does; `unknown` when no value of the variable may be set. */
export function assign(name: string, value: SetValue): Assigned | "unknown" {
  const allowed = SETTABLE.get(name);
  return allowed === undefined ? "unknown" : allowed(name, value);
}

/** `SET NAMES` and `SET CHARACTER SET` with an optional collation of the same character set; null when not allowed. */
export function nameCharacterSet(
  characterSetName: string,
  collation: string | null,
  of: readonly ("client" | "connection" | "results")[],
): readonly SessionEffect[] | null {
  const name = characterSetName.toLowerCase();
  if (!utf8.test(name)) return null;
  if (collation !== null && !(utf8Collation.test(collation) && sameFamily(name, collation.toLowerCase()))) return null;
  return of.map((one) => ({ kind: "characterSet", of: one, characterSet: name }));
}

function sameFamily(characterSetName: string, collation: string): boolean {
  const prefix = collation.slice(0, collation.indexOf("_"));
  const wide = (name: string) => name === "utf8mb4";
  return wide(prefix) === wide(characterSetName);
}

/** System variables whose value tells nothing about data, files, hosts or other sessions. */
const READABLE: ReadonlySet<string> = new Set(
  `auto_increment_increment auto_increment_offset autocommit character_set_client character_set_connection character_set_database
   character_set_filesystem character_set_results character_set_server character_set_system collation_connection collation_database
   collation_server default_storage_engine default_week_format div_precision_increment explicit_defaults_for_timestamp
   foreign_key_checks group_concat_max_len have_innodb have_ssl have_openssl in_transaction information_schema_stats_expiry
   init_connect innodb_lock_wait_timeout innodb_version interactive_timeout lc_messages lc_time_names license lock_wait_timeout
   lower_case_file_system lower_case_table_names max_allowed_packet max_execution_time max_statement_time net_buffer_length
   net_read_timeout net_write_timeout performance_schema protocol_version query_cache_size query_cache_type read_only
   session_track_gtids session_track_schema session_track_state_change session_track_system_variables
   session_track_transaction_info sql_auto_is_null sql_mode sql_notes sql_quote_show_create sql_safe_updates sql_select_limit
   sql_warnings storage_engine super_read_only system_time_zone time_zone transaction_isolation transaction_read_only tx_isolation
   tx_read_only unique_checks version version_comment version_compile_machine version_compile_os wait_timeout`.split(
    /\s+/,
  ),
);

/** Whether `@@name` (lower case, without scope) may be read without a rule. */
export function isReadableVariable(name: string): boolean {
  return READABLE.has(name);
}
