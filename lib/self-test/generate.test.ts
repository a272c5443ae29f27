import { describe, expect, it } from "vitest";
import { mask } from "@/lib/masking/mask";
import { policy } from "@/lib/policy/rule";
import { type CatalogueTable, compileCatalogue } from "@/lib/sql/catalogue";
import { foresee, maySend } from "./foresee";
import { generateSuite, MOST_ATTACKS } from "./generate";
import { ATTACK_FAMILIES } from "./model";
import { type AttackedWorld, attackedWorld } from "./world";

const column = (name: string, dataType = "varchar", columnType = "varchar(40)") => ({
  name,
  dataType,
  columnType,
  nullable: true,
  hasDefault: false,
  generated: null,
  invisible: false,
});

function table(name: string, columns: readonly ReturnType<typeof column>[], schema = "shop"): CatalogueTable {
  const id = column("id", "int", "int(11)");
  const indexes = [{ name: "PRIMARY", unique: true, columns: ["id"] }];
  return { schema, name, kind: "table", columns: [id, ...columns], primaryKey: ["id"], indexes, definition: null };
}

const people = table("people", [column("city"), column("ssn"), column("born", "date", "date")]);

function worldOf(given: {
  readonly tables?: readonly CatalogueTable[];
  readonly masks?: readonly object[];
  readonly rules?: readonly object[];
  readonly groups?: readonly string[];
  readonly mode?: AttackedWorld["mode"];
}): AttackedWorld {
  const tables = given.tables ?? [people, table("vault", [column("v")])];
  const rules = given.rules ?? [{ name: "read", effect: "allow", statements: ["select"], tables: ["shop.people"] }];
  return attackedWorld({
    catalogue: compileCatalogue({
      flavour: "mariadb",
      serverVersion: "10.11.6-MariaDB",
      lowerCaseTableNames: 0,
      sqlMode: "",
      schemas: [...new Set(tables.map((one) => one.schema))],
      tables,
      routines: [],
      triggers: [],
    }),
    masks: (given.masks ?? [{ column: "shop.people.ssn", method: "redact" }]).map((one) => mask.parse(one)),
    policies: [policy.parse({ name: "agents", identities: [{ client_id: "agent" }], rules })],
    identity: { clientId: "agent", subject: "", groups: [...(given.groups ?? [])], email: null },
    schema: "shop",
    mode: given.mode ?? "enforce",
  });
}
const suiteOf = (...given: Parameters<typeof worldOf>) => generateSuite(worldOf(...given), new Map()).attacks;

describe("the suite of attacks", () => {
  it("has attacks of every family, each with an id of its own, the same in every run", () => {
    const attacks = suiteOf({});
    expect([...new Set(attacks.map((one) => one.family))].sort()).toEqual([...ATTACK_FAMILIES].sort());
    expect(new Set(attacks.map((one) => one.id)).size).toBe(attacks.length);
    expect(suiteOf({}).map((one) => one.id)).toEqual(attacks.map((one) => one.id));
  });

  it("tries the connection's own schema first, whatever else its account sees", () => {
    const others = Array.from({ length: 60 }, (_, at) => table(`t${at}`, [column("v")], "archive"));
    const tables = [...others, people, table("vault", [column("v")])];
    const rules = [{ name: "wide", effect: "allow", statements: ["select"], tables: ["shop.*"] }];
    const ids = suiteOf({ tables, rules }).map((one) => one.id);
    expect(ids.filter((id) => id.startsWith("scope.wide"))).toEqual([
      "scope.wide select agents/wide shop.people",
      "scope.wide select agents/wide shop.vault",
    ]);
    const narrow = suiteOf({ tables }).map((one) => one.id);
    expect(narrow.find((id) => id.startsWith("scope.table"))).toBe("scope.table shop.vault");
  });

  it("keeps to the most of each family however many columns are masked, and reads every one at least once", () => {
    const names = Array.from({ length: 40 }, (_, at) => `c${at}`);
    const tables = [
      table(
        "wide",
        names.map((name) => column(name)),
      ),
    ];
    const rules = [{ name: "read", effect: "allow", statements: ["select"], tables: ["shop.wide"] } as const];
    const suite = generateSuite(
      worldOf({ tables, rules, masks: [{ column: "shop.wide.c*", method: "null" }] }),
      new Map(),
    );
    for (const family of ATTACK_FAMILIES) {
      expect(suite.attacks.filter((one) => one.family === family).length).toBeLessThanOrEqual(MOST_ATTACKS[family]);
    }
    for (const name of names) expect(suite.attacks.map((one) => one.id)).toContain(`values.plain shop.wide.${name}`);
    expect(suite.leftOut).toBeGreaterThan(1000);
    // Each on another column: none is tried on the first only.
    const likes = suite.attacks.filter((one) => one.family === "inference").map((one) => one.about);
    expect(new Set(likes).size).toBeGreaterThan(20);
  });

  it("makes statements that fit the rules: LIMIT and pins are there, so that masks are what is attacked", () => {
    const pinned = {
      name: "read",
      effect: "allow",
      statements: ["select"],
      tables: ["shop.people"],
      where: ["shop.people.city"],
      max_limit: 3,
    } as const;
    const world = worldOf({ rules: [pinned] });
    const { attacks } = generateSuite(world, new Map([["shop.people.city", "'Boston'"]]));
    const plain = attacks.find((one) => one.id === "values.plain shop.people.ssn");
    expect(plain?.statements).toEqual([
      "SELECT `ssn` AS x FROM `shop`.`people` WHERE `city` = 'Boston' ORDER BY `id` LIMIT 3",
    ]);
    expect(attacks.map((one) => one.id)).toEqual(
      expect.arrayContaining(["scope.pin agents/read shop.people", "scope.limit agents/read shop.people"]),
    );
  });

  it("sends nothing that could do more than read, whatever the rules allow", () => {
    const everything = { name: "all", effect: "allow", statements: ["read", "write", "ddl", "admin"] } as const;
    for (const mode of ["enforce", "observe"] as const) {
      const world = worldOf({ rules: [everything], mode });
      const { attacks } = generateSuite(world, new Map());
      const sent = attacks.flatMap((one) =>
        one.statements.filter((sql) => {
          const foreseen = foresee(sql, one.bound, world);
          return maySend(foreseen) && foreseen.kind === "decided" && foreseen.outcome.kind === "passes";
        }),
      );
      expect(sent.length).toBeGreaterThan(10);
      expect(sent.filter((sql) => !/^\(?(SELECT|WITH|TABLE|SHOW|EXPLAIN|DESCRIBE|KILL)\b/.test(sql))).toEqual([]);
      expect(
        sent.filter((sql) => /\b(INTO (OUT|DUMP)FILE|SLEEP|BENCHMARK|GET_LOCK|LOAD_FILE|FOR UPDATE)\b/.test(sql)),
      ).toEqual([]);
    }
  });

  it.each([
    ["deny", 0],
    ["equality", 2],
    ["any", 30],
  ] as const)("says of predicates: %s what the admin has set", (predicates, least) => {
    const masks = [{ column: "shop.people.ssn", method: "redact", predicates }];
    const settings = suiteOf({ masks }).filter(
      ({ family, expects }) =>
        family === "inference" && expects.kind === "refused" && expects.passing.outcome === "setting",
    );
    expect(settings.length >= least && (least > 0 || settings.length === 0)).toBe(true);
  });

  it("names what looks like a masked column and is not, and leaves names alone that say nothing", () => {
    const staff = table("staff", [column("ssn"), column("city")]);
    const ids = suiteOf({ tables: [people, staff] }).map((one) => one.id);
    expect(ids).toContain("scope.alike shop.staff.ssn");
    expect(ids).not.toContain("scope.alike shop.staff.city");
  });

  it("reads what an exempted group sees once, and attacks it no further", () => {
    const masks = [{ column: "shop.people.ssn", method: "redact", exempt: ["fraud"] }];
    const attacks = suiteOf({ masks, groups: ["fraud"] }).filter((one) => one.about === "shop.people.ssn");
    expect(attacks.map((one) => one.id)).toEqual(["values.exempt shop.people.ssn"]);
  });

  it("puts no value of a masked column into a statement that pins it", () => {
    const rules = [
      {
        name: "read",
        effect: "allow",
        statements: ["select"],
        tables: ["shop.people"],
        where: ["shop.people.ssn"],
      } as const,
    ];
    const texts = generateSuite(worldOf({ rules }), new Map()).attacks.flatMap((one) => one.statements);
    expect(texts.some((sql) => sql.includes("`ssn` = 1"))).toBe(true);
  });
});
