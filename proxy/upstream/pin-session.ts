import { SallyportError } from "@/lib/errors/error";
import { HARMLESS_MODES } from "@/lib/sql/utility/sql-mode";
import { COMMAND } from "../protocol/constants";
import type { OwnQueries, OwnRow } from "./own-queries";

/** The session's state upstream, as far as it decides how statements are read. Character sets in lower case. */
export interface PinnedState {
  readonly schema: string | null;
  readonly sqlMode: readonly string[];
  readonly client: string;
  readonly connection: string;
  readonly collation: string;
  /** Null: results are not converted. */
  readonly results: string | null;
}

/** What the server must tell of in its OK packets. The ones clients know by default stay. */
const TRACKED =
  "autocommit,character_set_client,character_set_connection,character_set_results,collation_connection,sql_mode,time_zone";

const ASK = `SELECT @@SESSION.sql_mode AS sql_mode, @@SESSION.character_set_client AS client, @@SESSION.character_set_connection AS connection, @@SESSION.collation_connection AS collation, @@SESSION.character_set_results AS results, DATABASE() AS db`;

/** Character sets whose ASCII bytes mean ASCII at every place of a text. */
const READABLE: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8", "latin1", "ascii", "binary"]);
const NAME = /^[a-z0-9_]{1,64}$/i;

/**
 * Brings an upstream session into the state in which the gateway reads statements as the server does: no lexical sql_mode, session
 * tracking on, a client character set that keeps ASCII. Throws UNAVAILABLE when the server does not get there.
 */
export async function pinSession(queries: OwnQueries): Promise<PinnedState> {
  const modes = modesOf((await askOne(queries)).sql_mode).filter((mode) => HARMLESS_MODES.has(mode));
  await queries.query(
    // MariaDB: an answer from the query cache would keep the warnings of the statement before.
    `SET SESSION sql_mode = '${modes.join(",")}', SESSION sql_auto_is_null = 0, SESSION session_track_schema = ON, SESSION session_track_system_variables = '${TRACKED}' /*M!100000 , SESSION query_cache_type = OFF */`,
  );
  const state = stateOf(await askOne(queries));
  if (!state.sqlMode.every((mode) => HARMLESS_MODES.has(mode)) || !READABLE.has(state.client)) {
    throw new SallyportError("UNAVAILABLE", "The upstream does not keep the session settings that the gateway needs", {
      next: "Ask an admin to look at the server's sql_mode, init_connect and character set",
    });
  }
  return state;
}

/** COM_RESET_CONNECTION, and the pins again; the character set is the login's, not the server's default. */
export async function resetSession(queries: OwnQueries, login: PinnedState): Promise<PinnedState> {
  await queries.command(COMMAND.RESET_CONNECTION);
  await queries.query(`SET ${characterSets(login)}`);
  return pinSession(queries);
}

/**
 * Brings an upstream session into the state of another one: its default schema, what decides how statements are read, and `settings`,
 * statements that succeeded there. Whatever those say, each statement stays a transaction of its own.
 */
export async function followSession(
  queries: OwnQueries,
  state: PinnedState,
  settings: readonly Buffer[],
): Promise<PinnedState> {
  if (state.schema !== null) await queries.command(COMMAND.INIT_DB, Buffer.from(state.schema, "utf8"));
  const modes = state.sqlMode.map((mode) => quoted(mode)).join(",");
  const pins = `SET SESSION autocommit = 1, SESSION sql_mode = '${modes}', ${characterSets(state)}`;
  await queries.query(pins);
  for (const text of settings) await queries.command(COMMAND.QUERY, text);
  if (settings.length > 0) await queries.query(pins);
  return pinSession(queries);
}

function characterSets({ client, results, collation }: PinnedState): string {
  const of = results === null ? "NULL" : `'${quoted(results)}'`;
  return `character_set_client = '${quoted(client)}', character_set_results = ${of}, collation_connection = '${quoted(collation)}'`;
}

function quoted(name: string): string {
  if (!NAME.test(name)) throw new SallyportError("UNAVAILABLE", "The upstream names a setting that can not be");
  return name;
}

async function askOne(queries: OwnQueries): Promise<OwnRow> {
  const [row] = await queries.query(ASK);
  if (row === undefined) throw new SallyportError("UNAVAILABLE", "The upstream does not tell its session settings");
  return row;
}

/** Names of modes in upper case. */
export function modesOf(text: string | null | undefined): string[] {
  return text === null || text === undefined || text === "" ? [] : text.toUpperCase().split(",");
}

function stateOf(row: OwnRow): PinnedState {
  const lower = (text: string | null | undefined) => (text ?? "").toLowerCase();
  return {
    schema: row.db ?? null,
    sqlMode: modesOf(row.sql_mode),
    client: lower(row.client),
    connection: lower(row.connection),
    collation: lower(row.collation),
    results: row.results === null || row.results === undefined ? null : lower(row.results),
  };
}
