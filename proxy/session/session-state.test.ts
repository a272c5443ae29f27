import { describe, expect, it } from "vitest";
import type { SessionEffect } from "@/lib/sql/utility/utility";
import { lenencString } from "../protocol/packet-writer";
import { TRACK, writeSchemaChange } from "../protocol/session-track";
import type { PinnedState } from "../upstream/pin-session";
import { SessionState } from "./session-state";

const PINNED: PinnedState = {
  schema: "shop",
  sqlMode: ["STRICT_TRANS_TABLES", "NO_ENGINE_SUBSTITUTION"],
  client: "utf8mb4",
  connection: "utf8mb4",
  collation: "utf8mb4_general_ci",
  results: "utf8mb4",
};

const text = (value: string) => lenencString(Buffer.from(value));
function variable(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.of(TRACK.SYSTEM_VARIABLES), lenencString(Buffer.concat([text(name), text(value)]))]);
}
const state = () => new SessionState(PINNED, "10.11.19-MariaDB");
const names = (characterSet: string): SessionEffect[] =>
  (["client", "connection", "results"] as const).map((of) => ({ kind: "characterSet", of, characterSet }));

describe("SessionState", () => {
  it.each<[string, Buffer]>([
    ["sql_mode", variable("sql_mode", "ANSI_QUOTES,STRICT_TRANS_TABLES")],
    ["sql_mode", variable("sql_mode", "STRICT_TRANS_TABLES")],
    ["character_set_client", variable("character_set_client", "gbk")],
    ["character_set_results", variable("character_set_results", "")],
    ["character_set_connection", variable("character_set_connection", "latin1")],
    ["collation_connection", variable("collation_connection", "utf8mb4_bin")],
    ["the default schema", writeSchemaChange("mysql")],
    ["the default schema", writeSchemaChange("")],
  ])("names %s when the server changed it and no statement did", (name, told) => {
    expect(state().settle([], [told], "call")).toBe(name);
  });

  it("takes what the server tells again for no change", () => {
    const told = [
      variable("character_set_client", "utf8mb4"),
      variable("autocommit", "OFF"),
      writeSchemaChange("shop"),
    ];
    expect(state().settle([], [Buffer.concat(told)], "select")).toBeNull();
  });

  it("follows USE, in the server's spelling, and refuses another schema than the one asked for", () => {
    const followed = state();
    expect(followed.settle([{ kind: "schema", schema: "Other" }], [writeSchemaChange("other")], "use")).toBeNull();
    expect(followed.schema).toBe("other");
    expect(state().settle([{ kind: "schema", schema: "other" }], [writeSchemaChange("mysql")], "use")).toBe(
      "the default schema",
    );
  });

  it("knows that dropping the default schema leaves none", () => {
    const dropped = state();
    expect(dropped.settle([], [writeSchemaChange("")], "drop_schema")).toBeNull();
    expect(dropped.schema).toBeNull();
  });

  it("follows SET NAMES to another spelling of UTF-8 only", () => {
    const told = (name: string) =>
      Buffer.concat(
        ["character_set_client", "character_set_connection", "character_set_results"].map((one) => variable(one, name)),
      );
    expect(state().settle(names("utf8"), [told("utf8mb3")], "set")).toBeNull();
    expect(state().settle(names("utf8mb4"), [told("latin1")], "set")).toBe("character_set_client");
  });

  it("follows sql_mode as the server spells it out, never to a lexical mode", () => {
    const effect: SessionEffect = { kind: "sqlMode", change: "set", modes: ["TRADITIONAL"] };
    expect(
      state().settle([effect], [variable("sql_mode", "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,TRADITIONAL")], "set"),
    ).toBeNull();
    expect(state().settle([effect], [variable("sql_mode", "TRADITIONAL,NO_BACKSLASH_ESCAPES")], "set")).toBe(
      "sql_mode",
    );
  });

  it("lets only ASCII pass while the client's character set is not UTF-8", () => {
    const latin = new SessionState({ ...PINNED, client: "latin1" }, "8.4.0");
    expect(latin.facts).toMatchObject({ asciiOnly: true, dialect: "mysql" });
    latin.settle(names("utf8mb4"), [], "set");
    expect(latin.facts.asciiOnly).toBe(false);
    expect(state().facts).toMatchObject({ asciiOnly: false, dialect: "mariadb" });
  });

  it("gives two states of a session different fingerprints", () => {
    const changed = state();
    changed.settle([{ kind: "sqlMode", change: "add", modes: ["NO_ZERO_DATE"] }], [], "set");
    expect(changed.facts.fingerprint).not.toBe(state().facts.fingerprint);
  });
});
