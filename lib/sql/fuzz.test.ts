import { describe, expect, it } from "vitest";
import { analyse } from "./analyse";
import { StatementGenerator, seeded } from "./generate.fixture";
import { lexText } from "./lexer";
import { SHOP_CATALOGUE } from "./shop.fixture";

const ROUNDS = 6_000;

/** Processor time of this process in milliseconds: other processes of the machine do not count. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const SEEDS = [
  "SELECT p.id, COUNT(*) FROM people p JOIN orders o ON o.person_id = p.id WHERE o.total > 5 GROUP BY p.id HAVING COUNT(*) > 1 ORDER BY 2 LIMIT 3",
  "WITH RECURSIVE a (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a WHERE x < 5) SELECT * FROM a, v_tag",
  "SELECT CASE WHEN name LIKE 'a%' THEN (SELECT MAX(total) FROM orders) ELSE CAST(id AS CHAR) END FROM people FOR UPDATE",
  "SELECT SUM(id) OVER w, TRIM(BOTH 'x' FROM name) FROM people WINDOW w AS (PARTITION BY name ORDER BY id ROWS 2 PRECEDING)",
  "INSERT INTO scratch (id, txt) VALUES (1, 'x'), (?, NULL) ON DUPLICATE KEY UPDATE txt = VALUES(txt)",
  "UPDATE scratch s JOIN people p ON p.id = s.id SET s.txt = p.name WHERE s.id IN (1, 2) ORDER BY s.id LIMIT 4",
  "DELETE s FROM scratch s LEFT JOIN people USING (id) WHERE people.id IS NULL",
  "CREATE TABLE fresh (id INT PRIMARY KEY, t VARCHAR(9) DEFAULT 'x') ENGINE=InnoDB SELECT id, name AS t FROM people",
  "ALTER TABLE people ADD COLUMN x INT NOT NULL DEFAULT 0, RENAME TO folk",
  "SELECT j.a FROM products p, JSON_TABLE(p.attributes, '$' COLUMNS (a INT PATH '$.a')) j, LATERAL (SELECT p.id) l",
];
const SPARE =
  "( ) , . * = - SELECT FROM WHERE AND OR NOT IN AS BY UNION ALL JOIN ON USING NATURAL WITH INTERVAL DAY CASE END OVER 1 'x' ? `a` @v @@v x".split(
    " ",
  );

describe("whatever the statement is, analysis answers in bounded time and never throws", () => {
  it(`on ${ROUNDS} statements with words lost, doubled, moved and put in`, () => {
    const random = seeded(42);
    const below = (limit: number) => Math.floor(random() * limit);
    const generator = new StatementGenerator(7);
    const slow: string[] = [];
    let answered = 0;
    let understood = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const base = round % 2 === 0 ? (SEEDS[below(SEEDS.length)] ?? "") : generator.statement();
      const words = base.split(/(?<=[\s(),.=])|(?=[\s(),.=])/u);
      for (let changes = below(4); changes > 0; changes -= 1) {
        const at = below(words.length);
        const kind = below(4);
        if (kind === 0) words.splice(at, 1);
        else if (kind === 1) words.splice(at, 0, words[below(words.length)] ?? "");
        else if (kind === 2) words.splice(at, 1, SPARE[below(SPARE.length)] ?? "");
        else words.splice(at, 0, ` ${SPARE[below(SPARE.length)] ?? ""} `);
      }
      const sql = words.join("");
      const lexed = lexText(sql, round % 3 === 0 ? "mysql" : "mariadb");
      if (!lexed.ok) continue;
      const { tokens, literals } = lexed.lexed;
      const start = processorMs();
      const result = analyse({ tokens, literals, catalogue: SHOP_CATALOGUE, defaultSchema: "shop" });
      if (processorMs() - start > 250) slow.push(sql);
      answered += 1;
      if (result.ok) understood += 1;
      else expect(result.message.length).toBeGreaterThan(0);
    }
    expect(answered).toBeGreaterThan(ROUNDS / 2);
    expect(understood).toBeGreaterThan(ROUNDS / 50);
    expect(slow).toEqual([]);
  }, 120_000);

  it.each<[string, string]>([
    [
      "recursion inside recursion",
      "WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT x FROM (".repeat(5) +
        "SELECT 1 AS x" +
        ") q) SELECT x FROM a".repeat(5),
    ],
    [
      "a hundred joins",
      `SELECT 1 FROM ${Array.from({ length: 100 }, (_, index) => `people p${index}`).join(" JOIN ")}`,
    ],
    ["stars by the hundred", `SELECT ${Array.from({ length: 400 }, () => "people.*").join(", ")} FROM people`],
    [
      "windows by the hundred",
      `SELECT SUM(id) OVER w40 FROM people WINDOW w0 AS (ORDER BY id), ${Array.from({ length: 40 }, (_, index) => `w${index + 1} AS (w${index})`).join(", ")}`,
    ],
    ["subqueries in subqueries", `SELECT ${"(SELECT ".repeat(11)}id${" FROM people)".repeat(11)} FROM people`],
    [
      "common tables of common tables",
      `WITH ${Array.from({ length: 60 }, (_, index) => `c${index} AS (SELECT ${index === 0 ? "1 AS a" : `a.a FROM c${index - 1} a, c${index - 1} b`})`).join(", ")} SELECT * FROM c59`,
    ],
    [
      "natural joins of derived tables",
      `SELECT 1 FROM people NATURAL JOIN ${Array.from({ length: 20 }, (_, index) => `(SELECT id FROM people) x${index}`).join(" NATURAL JOIN ")}`,
    ],
  ])("%s", (_, sql) => {
    const lexed = lexText(sql, "mariadb");
    if (!lexed.ok) throw new Error(lexed.reason);
    const { tokens, literals } = lexed.lexed;
    const start = processorMs();
    analyse({ tokens, literals, catalogue: SHOP_CATALOGUE, defaultSchema: "shop" });
    expect(processorMs() - start).toBeLessThan(500);
  });
});
