/** What the gateway has to do with the statement that matters. */
export type Answer =
  /** ERR MASK_UNSAFE, POLICY_DENIED or NOT_UNDERSTOOD, without asking the server. */
  | "refused"
  /** An answer that hides what is masked. */
  | "masked";

/** How it is sent. */
export type Way = "text" | "prepared" | "cursor" | "fields";

export interface Attack {
  /** Statements on one connection; the last one is what counts unless `first` says otherwise. */
  readonly steps: readonly string[];
  readonly answer: Answer;
  readonly way: Way;
  /** Bound values of a prepared one. */
  readonly values: readonly (string | number | null)[];
  /** It is the first step that the gateway must deal with so: the others only show what it did. */
  readonly first: boolean;
}

function attack(answer: Answer, steps: string | readonly string[], rest: Partial<Attack> = {}): Attack {
  return { steps: typeof steps === "string" ? [steps] : steps, answer, way: "text", values: [], first: false, ...rest };
}
const refused = (steps: string | readonly string[], rest: Partial<Attack> = {}) => attack("refused", steps, rest);
const masked = (steps: string | readonly string[], rest: Partial<Attack> = {}) => attack("masked", steps, rest);
/** A copy is refused, and the last step finds nothing of it. */
const copied = (...steps: readonly string[]) => refused(steps, { first: true });

const GUESS = "666-11-1001";
const DAY = "1961-05-04";

/** Lines of what the gateway must withstand, each with statements over the worlds' shop: the test adds the tables docs, parts, vault, copies. */
export const ATTACKS: Readonly<Record<string, readonly Attack[]>> = {
  "under another name": [
    masked("SELECT id, ssn AS name FROM customers ORDER BY id"),
    masked("SELECT p.name FROM (SELECT id, email AS name FROM customers) p ORDER BY p.id"),
    masked("SELECT (((c.ssn))) FROM customers AS c ORDER BY c.id"),
    masked("SELECT num, code FROM v_contacts ORDER BY num"),
    masked("SELECT reference FROM v_references ORDER BY num LIMIT 5"),
    masked("SELECT salary_band FROM employees ORDER BY id"),
    masked("SELECT * FROM customers ORDER BY id"),
    masked(
      "SELECT o.id, c.* FROM orders o JOIN (customers c JOIN payments p ON p.id = c.id) ON o.id = c.id ORDER BY o.id",
    ),
  ],
  "by an expression": [
    refused("SELECT CONCAT('', ssn) FROM customers"),
    refused("SELECT CASE WHEN id > 0 THEN ssn END FROM customers"),
    refused("SELECT IF(ssn < 'Q7Z-5', 'low', 'high') FROM customers"),
    refused("SELECT CAST(birth_date AS CHAR) FROM customers"),
    refused("SELECT SUBSTRING(ssn, 5, 2), LEFT(email, 5) FROM customers"),
    refused("SELECT HEX(ssn) FROM customers"),
    refused("SELECT ssn COLLATE utf8mb4_bin FROM customers"),
    refused("SELECT JSON_OBJECT('v', ssn) FROM customers"),
    refused("SELECT JSON_EXTRACT(body, '$[0]') FROM docs"),
    refused("SELECT j.v FROM docs, JSON_TABLE(body, '$[*]' COLUMNS (v INT PATH '$')) j"),
    refused("SELECT docs.id FROM docs, JSON_TABLE(body, '$[*]' COLUMNS (v INT PATH '$')) j"),
    refused("SELECT tag FROM v_tags"),
  ],
  "by an aggregate or a window": [
    refused("SELECT MAX(ssn), MIN(salary) FROM customers, employees"),
    refused("SELECT GROUP_CONCAT(ssn) FROM customers"),
    refused("SELECT GROUP_CONCAT(id ORDER BY ssn) FROM customers"),
    refused("SELECT JSON_ARRAYAGG(email) FROM customers"),
    refused("SELECT id, LAG(ssn, 0) OVER (ORDER BY id) FROM customers"),
    refused("SELECT id, RANK() OVER (ORDER BY salary) FROM employees"),
    refused("SELECT id, COUNT(*) OVER (PARTITION BY birth_date) FROM customers"),
    refused("SELECT id, place FROM v_ranked ORDER BY id"),
  ],
  "by a subquery": [
    refused("SELECT (SELECT ssn FROM customers WHERE id = 1)"),
    refused("SELECT o.id, (SELECT c.email FROM customers c WHERE c.id = o.customer_id) FROM orders o"),
    refused(
      `SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = orders.id AND c.ssn = '${GUESS}')`,
    ),
    refused(`SELECT id FROM customers WHERE '${GUESS}' IN (SELECT c.ssn FROM customers c WHERE c.id = customers.id)`),
    refused("SELECT id FROM employees e WHERE salary > ALL (SELECT salary FROM employees x WHERE x.id < 10)"),
  ],
  "by a common table": [
    masked("WITH products AS (SELECT id, ssn AS name FROM customers) SELECT name FROM products ORDER BY id"),
    masked(
      "WITH RECURSIVE r (n, v) AS (SELECT 1, salary FROM employees WHERE id = 9 UNION ALL SELECT n + 1, v FROM r WHERE n < 3) SELECT n, v FROM r",
    ),
    refused(
      "WITH RECURSIVE r (v) AS (SELECT salary FROM employees WHERE id = 9 UNION ALL SELECT v - 1000000 FROM r WHERE v > 0) SELECT COUNT(*) FROM r",
    ),
  ],
  "by the position in a set operation": [
    masked("SELECT name FROM products WHERE id = 1 UNION ALL SELECT ssn FROM customers WHERE id < 9"),
    refused("SELECT phone FROM customers UNION SELECT phone FROM customers"),
    refused(`SELECT id, ssn FROM customers INTERSECT SELECT 5, '${GUESS}'`),
    refused(`SELECT COUNT(*) FROM (SELECT 5, '${GUESS}' EXCEPT SELECT id, ssn FROM customers) d`),
  ],
  "by a routine or a variable": [
    refused("SELECT ssn_of(3) AS v"),
    refused("CALL show_ssn(3)"),
    refused(["SELECT ssn INTO @v FROM customers WHERE id = 3", "SELECT @v"], { first: true }),
    refused(["SELECT @v := ssn FROM customers WHERE id = 3", "SELECT @v"], { first: true }),
    refused(["SET @v = (SELECT ssn FROM customers WHERE id = 3)", "SELECT @v"], { first: true }),
    refused(["PREPARE s FROM 'SELECT ssn FROM customers'", "EXECUTE s"], { first: true }),
    refused("EXECUTE IMMEDIATE 'SELECT ssn FROM customers'"),
    refused("BEGIN NOT ATOMIC SELECT ssn FROM customers; END"),
    refused(["HANDLER customers OPEN", "HANDLER customers READ FIRST"], { first: true }),
    refused("DO (SELECT 1 FROM customers WHERE ssn LIKE '666%' AND id = 5 AND (SELECT id FROM products))"),
  ],
  "in the binary protocol": [
    masked("SELECT id, email, phone, ssn, birth_date, notes FROM customers ORDER BY id", { way: "prepared" }),
    masked("SELECT id, salary, salary_band FROM employees WHERE id > ? ORDER BY id", { way: "prepared", values: [2] }),
    masked("SELECT birth_year, birth_date FROM customers ORDER BY id", { way: "prepared" }),
    masked("SELECT id, ssn, birth_date FROM customers ORDER BY id", { way: "cursor" }),
    masked("SELECT salary FROM employees", { way: "cursor" }),
    refused("SELECT id FROM customers WHERE ssn = ?", { way: "prepared", values: [GUESS] }),
  ],
  "by a condition": [
    refused("SELECT id FROM customers WHERE ssn LIKE 'Q7Z-1%'"),
    refused("SELECT id FROM employees WHERE salary BETWEEN 77775000 AND 77779999"),
    refused("SELECT COUNT(*) FROM customers WHERE birth_date < '1965-01-01'"),
    refused(`SELECT id FROM customers WHERE (id, ssn) = (5, '${GUESS}') OR (id, ssn) = (10, '${GUESS}')`),
    refused("SELECT id FROM v_elders ORDER BY id"),
    refused("SELECT city, COUNT(*) FROM customers GROUP BY city HAVING MAX(ssn) > 'Q7Z-9'"),
    refused("SELECT id FROM parts PARTITION (low)"),
  ],
  "by order, groups and distinct rows": [
    refused("SELECT id FROM customers ORDER BY ssn"),
    refused("SELECT id, ssn FROM customers ORDER BY 2"),
    refused("SELECT id, ssn FROM customers ORDER BY +2"),
    refused("SELECT id, ssn FROM customers ORDER BY - -2"),
    refused("SELECT ssn, id FROM customers ORDER BY TRUE"),
    refused("SELECT ssn, id FROM customers ORDER BY NOT FALSE"),
    refused("SELECT id, ssn FROM customers ORDER BY ?", { way: "prepared", values: [2] }),
    refused("SELECT COUNT(*) FROM customers GROUP BY birth_date"),
    refused("SELECT birth_date, COUNT(*) FROM customers GROUP BY +1"),
    refused("SELECT DISTINCT birth_date FROM customers"),
    refused("SELECT COUNT(DISTINCT phone), COUNT(DISTINCT salary) FROM customers, employees"),
    refused("SELECT id AS x, ssn AS id FROM customers ORDER BY id"),
  ],
  "by a join with guesses": [
    refused(`SELECT c.id FROM customers c JOIN (SELECT '${GUESS}' AS guess) g ON c.ssn = g.guess`),
    refused(`SELECT c.id FROM customers c JOIN (SELECT '${GUESS}' AS ssn) g USING (ssn)`),
    refused(`SELECT id FROM customers NATURAL JOIN (SELECT '${GUESS}' AS ssn) g`),
    refused(
      "WITH RECURSIVE d (day) AS (SELECT DATE '1940-01-01' UNION ALL SELECT day + INTERVAL 1 DAY FROM d WHERE day < '1942-06-01') SELECT c.id, d.day FROM customers c JOIN d ON c.birth_date = d.day",
    ),
    refused("SELECT COUNT(*) FROM customers a LEFT JOIN customers b ON a.phone = b.phone"),
  ],
  "by failing for some values": [
    refused(`SELECT IF(ssn = '${GUESS}', (SELECT id FROM products), 1) FROM customers WHERE id = 5`),
    refused("SELECT id / (CHAR_LENGTH(notes) - 20), notes + 0 FROM customers"),
    refused(
      `SELECT IFNULL(NULLIF(birth_date, '${DAY}'), id + 18446744073709551615) FROM customers WHERE id > 6 AND id < 8`,
    ),
    refused(`SELECT birth_date <> '${DAY}' AND id + 18446744073709551615 FROM customers WHERE id > 6 AND id < 8`),
    masked(`SELECT id, NULLIF(birth_date, '${DAY}') FROM customers ORDER BY id`),
    refused(`SELECT POW(10, CHAR_LENGTH(email) * 10) FROM customers WHERE id IN (3, 4, 5, 8)`),
  ],
  "by the words of errors and warnings": [
    refused(["SELECT EXTRACTVALUE(CONCAT('<a></', ssn, '>'), '/a') FROM customers", "SHOW WARNINGS"], { first: true }),
    refused(["SELECT UPDATEXML(CONCAT('<a>', email, '</b>'), '/a', '') FROM customers", "SHOW WARNINGS"], {
      first: true,
    }),
    refused("INSERT INTO copies (id, v) SELECT CHAR_LENGTH(email), 1 FROM customers ORDER BY id"),
    refused(["SELECT ssn + 0 FROM customers WHERE id < 9", "SHOW WARNINGS"], { first: true }),
    refused(["SELECT STR_TO_DATE(ssn, '%Y') FROM customers WHERE id < 9", "SHOW WARNINGS"], { first: true }),
    masked("SELECT YEAR(card_number) FROM customers"),
    masked(["SELECT YEAR(card_number) FROM customers", "SHOW WARNINGS"], { first: true }),
    masked(["SELECT YEAR(card_number) FROM customers", "SELECT @@warning_count"], { first: true }),
    masked(["SELECT YEAR(card_number) FROM customers", "SHOW COUNT(*) WARNINGS"], { first: true }),
    refused(
      ["SELECT ssn + 0 FROM customers WHERE id < 9", "GET DIAGNOSTICS CONDITION 1 @m = MESSAGE_TEXT", "SELECT @m"],
      { first: true },
    ),
  ],
  "by EXPLAIN": [
    refused("EXPLAIN SELECT id FROM customers WHERE ssn LIKE 'Q7Z-1%'"),
    refused("EXPLAIN FORMAT=JSON SELECT id FROM customers WHERE birth_date < '1950-01-01'"),
    refused(["EXPLAIN EXTENDED SELECT email, ssn FROM customers WHERE id = 3", "SHOW WARNINGS"], { first: true }),
    refused(["DESCRIBE EXTENDED SELECT email FROM customers WHERE id = 3", "SHOW WARNINGS"], { first: true }),
    refused("ANALYZE SELECT id FROM customers WHERE ssn LIKE 'Q7Z-1%'"),
    refused("ANALYZE FORMAT=JSON SELECT id FROM customers WHERE birth_date < '1950-01-01'"),
  ],
  "by the order that an index gives": [
    masked("SELECT id FROM customers"),
    masked("SELECT id FROM customers LIMIT 1"),
    masked("SELECT id FROM customers WHERE birth_date IS NOT NULL"),
    masked("SELECT id, city, ssn IS NULL FROM customers", { way: "prepared" }),
    masked("SELECT id, ssn IS NULL FROM customers WHERE city > 'B'"),
    masked("SELECT id FROM (SELECT id, salary IS NULL FROM employees LIMIT 3) d"),
    masked("SELECT id, salary IS NULL FROM employees"),
    masked("SELECT id, salary IS NULL FROM employees WHERE department = 'Sales'"),
    refused("SELECT id FROM customers FORCE INDEX (k_birth)"),
    refused("SELECT id FROM customers USE INDEX (k_town) WHERE city > 'A'"),
  ],
  "by a copy": [
    copied("INSERT INTO copies (id, v) SELECT id + 100, ssn FROM customers", "SELECT v FROM copies WHERE id > 100"),
    copied("REPLACE INTO copies (id, v) SELECT id + 200, email FROM customers", "SELECT v FROM copies WHERE id > 200"),
    copied("CREATE TABLE stolen AS SELECT ssn FROM customers", "SELECT * FROM stolen"),
    copied("CREATE TEMPORARY TABLE stolen_too AS SELECT ssn FROM customers", "SELECT * FROM stolen_too"),
    copied("UPDATE customers SET address = ssn", "SELECT address FROM customers ORDER BY id"),
    copied(
      "UPDATE orders o JOIN customers c ON c.id = o.customer_id SET o.total = YEAR(c.birth_date)",
      "SELECT total FROM orders ORDER BY id",
    ),
    copied("CREATE VIEW v_stolen AS SELECT CONCAT(ssn, '') AS name FROM customers", "SELECT name FROM v_stolen"),
    copied(
      "INSERT INTO copies (id, v) VALUES (1, 'x') ON DUPLICATE KEY UPDATE v = (SELECT ssn FROM customers WHERE id = 3)",
      "SELECT v FROM copies WHERE id = 1",
    ),
    copied("ALTER TABLE docs CHANGE body content JSON", "SELECT content FROM docs"),
    copied("RENAME TABLE parts TO pieces", "SELECT id, pay FROM pieces"),
    masked(["START TRANSACTION", "DELETE FROM gone WHERE id = 1 RETURNING id, v"]),
    masked("REPLACE INTO vault (id) VALUES (77) RETURNING id, code"),
    refused("DELETE FROM payments WHERE card_last4 < '5'"),
    copied(
      "UPDATE employees SET title = 'marked' ORDER BY salary LIMIT 1",
      "SELECT id FROM employees WHERE title = 'marked'",
    ),
    refused(["UPDATE employees SET salary = 45000000.00 WHERE id = 4"]),
  ],
  "by definitions, defaults and statistics": [
    masked("vault", { way: "fields" }),
    masked("SHOW COLUMNS FROM vault"),
    masked("SHOW FULL COLUMNS FROM vault"),
    masked("DESCRIBE vault"),
    masked("SHOW CREATE TABLE vault"),
    masked(
      "SELECT COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'vault'",
    ),
    refused(
      "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_DEFAULT LIKE '%Q7Z%e%' AND COLUMN_DEFAULT LIKE '%Q7Z%0%'",
    ),
    refused("SELECT DEFAULT(code) FROM vault"),
    masked("SHOW INDEX FROM sparse"),
    masked(
      "SELECT INDEX_NAME, CARDINALITY FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'sparse'",
    ),
    refused("CHECKSUM TABLE customers"),
    refused(["SELECT email, notes FROM customers", "SHOW STATUS LIKE 'Bytes_sent'"]),
    refused(["SELECT email, notes FROM customers", "SHOW SESSION STATUS WHERE Variable_name = 'Bytes_sent'"]),
    masked(["SET character_set_results = NULL", "SELECT ssn FROM customers ORDER BY id"]),
    masked(["SET NAMES latin1", "SELECT ssn FROM customers ORDER BY id"]),
  ],
};
