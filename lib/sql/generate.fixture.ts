/** A small reproducible generator of random numbers (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Source {
  readonly sql: string;
  readonly alias: string;
  readonly columns: readonly string[];
}

/** Tables and views of the generated statements; the differential tests create them. */
export const GENERATED_SCHEMA = [
  "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(20), secret INT, boss INT)",
  "CREATE TABLE orders (id INT PRIMARY KEY, person_id INT, total INT, city VARCHAR(20))",
  "CREATE TABLE items (id INT PRIMARY KEY, order_id INT, qty INT, grade INT AS (qty * 2))",
  "CREATE VIEW v_plain AS SELECT id, name FROM people",
  "CREATE VIEW v_ident AS SELECT id AS num, secret AS ident FROM people",
  "CREATE VIEW v_tag AS SELECT num, CONCAT(ident, '/', num) AS tag FROM v_ident",
  "CREATE VIEW v_filtered AS SELECT id, name FROM people WHERE secret > 50",
  "CREATE VIEW v_joined AS SELECT p.id, p.name, o.city FROM (people p JOIN orders o ON o.person_id = p.id) LEFT JOIN items i ON i.order_id = o.id",
  "CREATE VIEW v_totals (who, sum_total) AS SELECT person_id, SUM(total) FROM orders GROUP BY person_id",
] as const;

const TABLES: Readonly<Record<string, readonly string[]>> = {
  people: ["id", "name", "secret", "boss"],
  orders: ["id", "person_id", "total", "city"],
  items: ["id", "order_id", "qty", "grade"],
  v_plain: ["id", "name"],
  v_ident: ["num", "ident"],
  v_tag: ["num", "tag"],
  v_filtered: ["id", "name"],
  v_joined: ["id", "name", "city"],
  v_totals: ["who", "sum_total"],
};

/** Writes random SELECT statements over `GENERATED_SCHEMA`: most are valid, some are not. */
export class StatementGenerator {
  readonly #random: () => number;
  #aliases = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  statement(): string {
    this.#aliases = 0;
    return this.#query(3, [], this.#int(4) + 1, true);
  }

  #int(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #pick<T>(list: readonly T[]): T {
    const one = list[this.#int(list.length)];
    if (one === undefined) throw new Error("nothing to pick from");
    return one;
  }

  #alias(): string {
    this.#aliases += 1;
    return `t${this.#aliases}`;
  }

  /** A query with `width` columns named c1, c2 ... ; `free`: stars and unnamed columns are allowed. */
  #query(
    depth: number,
    outer: readonly Source[],
    width: number,
    free: boolean,
    common: readonly Source[] = [],
  ): string {
    const known = [...common];
    let text = "";
    if (depth > 1 && this.#chance(0.25)) {
      const names: string[] = [];
      for (let count = this.#int(2) + 1; count > 0; count -= 1) names.push(this.#commonTable(depth, known));
      text += `WITH ${names.join(", ")} `;
    } else if (depth > 1 && this.#chance(0.08)) {
      const alias = this.#alias();
      known.push({ sql: alias, alias, columns: ["n", "v"] });
      text += `WITH RECURSIVE ${alias} (n, v) AS (SELECT 1, secret FROM people WHERE id = 1 UNION ALL SELECT n + 1, v FROM ${alias} WHERE n < 3) `;
    }
    text += this.#block(depth, outer, width, free, known);
    if (this.#chance(0.2)) {
      const operator = this.#pick(["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "UNION DISTINCT"]);
      text += ` ${operator} ${this.#block(depth, outer, width, false, known)}`;
      if (this.#chance(0.3)) text += ` UNION ALL ${this.#block(depth, outer, width, false, known)}`;
      if (this.#chance(0.3)) text += ` ORDER BY ${this.#int(width) + 1}`;
    }
    return text;
  }

  #commonTable(depth: number, known: Source[]): string {
    const alias = this.#chance(0.2) ? this.#pick(Object.keys(TABLES)) : this.#alias();
    const width = this.#int(3) + 1;
    const query = this.#query(depth - 2, [], width, false, known);
    const columns = this.#names(width);
    known.push({ sql: alias, alias, columns });
    return `${alias} AS (${query})`;
  }

  #names(width: number): readonly string[] {
    return Array.from({ length: width }, (_, index) => `c${index + 1}`);
  }

  #block(depth: number, outer: readonly Source[], width: number, free: boolean, common: readonly Source[]): string {
    const { sql, sources, plainStar } = this.#from(depth, common);
    const scope = [...outer, ...sources];
    const grouped = this.#chance(0.15);
    const items: string[] = [];
    for (let index = 0; index < width; index += 1) items.push(`${this.#item(depth, scope, grouped)} AS c${index + 1}`);
    if (free && !grouped && this.#chance(0.3)) {
      const star = this.#pick(sources);
      items.push(plainStar && this.#chance(0.4) ? "*" : `${star.alias}.*`);
      items.reverse();
      if (items[0] === "*") items.splice(1);
    } else if (free && this.#chance(0.3)) items[0] = this.#column(scope);
    let text = `SELECT ${this.#chance(0.1) ? "DISTINCT " : ""}${items.join(", ")} FROM ${sql}`;
    if (this.#chance(0.6)) text += ` WHERE ${this.#condition(depth, scope)}`;
    if (grouped) text += ` GROUP BY ${this.#column(sources)}`;
    if (grouped && this.#chance(0.4))
      text += ` HAVING ${this.#pick(["COUNT(*) > 0", `MAX(${this.#column(sources)}) > 2`])}`;
    return text;
  }

  #source(depth: number, common: readonly Source[]): Source {
    if (common.length > 0 && this.#chance(0.4)) {
      const table = this.#pick(common);
      const alias = this.#alias();
      return { sql: `${table.sql} ${alias}`, alias, columns: table.columns };
    }
    if (depth > 0 && this.#chance(0.3)) {
      const width = this.#int(3) + 1;
      const alias = this.#alias();
      const inner = this.#query(depth - 1, [], width, false, common);
      return { sql: `(${inner}) ${this.#chance(0.5) ? "AS " : ""}${alias}`, alias, columns: this.#names(width) };
    }
    const hidden = new Set(common.map((one) => one.sql));
    const table = this.#pick(Object.keys(TABLES).filter((name) => !hidden.has(name)));
    const alias = this.#alias();
    return { sql: `${table} ${alias}`, alias, columns: TABLES[table] ?? [] };
  }

  #from(
    depth: number,
    common: readonly Source[],
  ): { readonly sql: string; readonly sources: readonly Source[]; readonly plainStar: boolean } {
    const first = this.#source(depth, common);
    const sources = [first];
    let sql = first.sql;
    let plainStar = true;
    for (let more = this.#int(3); more > 0; more -= 1) {
      const right = this.#source(depth - 1, common);
      const shared = right.columns.filter((name) => sources.filter((one) => one.columns.includes(name)).length === 1);
      const kind = this.#int(8);
      if (kind === 0) sql = `${sql}, ${right.sql}`;
      else if (kind === 1) sql = `${sql} CROSS JOIN ${right.sql}`;
      else if (kind === 2 && shared.length > 0 && plainStar) {
        sql = `${sql} ${this.#pick(["JOIN", "LEFT JOIN", "INNER JOIN"])} ${right.sql} USING (${this.#pick(shared)})`;
      } else if (kind === 3 && sources.length === 1 && shared.length > 0) {
        sql = `${sql} NATURAL ${this.#pick(["JOIN", "LEFT JOIN", "RIGHT JOIN"])} ${right.sql}`;
        plainStar = false;
      } else if (kind === 4 && depth > 0) {
        const inner = this.#source(0, []);
        const group = `(${right.sql} JOIN ${inner.sql} ON ${this.#comparison([right, inner])})`;
        sources.push(inner);
        sql = `${sql} ${this.#pick(["JOIN", "LEFT JOIN"])} ${group} ON ${this.#comparison([...sources, right])}`;
      } else {
        const join = this.#pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "LEFT OUTER JOIN", "STRAIGHT_JOIN"]);
        sql = `${sql} ${join} ${right.sql} ON ${this.#comparison(sql.includes(",") ? [right] : [...sources, right])}`;
      }
      sources.push(right);
    }
    return { sql, sources, plainStar };
  }

  #column(scope: readonly Source[]): string {
    const source = this.#pick(scope);
    const column = this.#pick(source.columns);
    return this.#chance(0.15) ? column : `${source.alias}.${column}`;
  }

  #item(depth: number, scope: readonly Source[], grouped: boolean): string {
    if (grouped && this.#chance(0.7)) return this.#aggregate(scope);
    switch (this.#int(grouped ? 8 : 12)) {
      case 0:
        return `${this.#column(scope)} + ${this.#value()}`;
      case 1:
        return `CONCAT(${this.#column(scope)}, '-', ${this.#column(scope)})`;
      case 2:
        return `CASE WHEN ${this.#comparison(scope)} THEN ${this.#column(scope)} ELSE ${this.#value()} END`;
      case 3:
        return depth > 0
          ? `(SELECT ${this.#pick(["MAX", "MIN", "COUNT"])}(q.c1) FROM (${this.#query(depth - 2, [], 1, false)}) q)`
          : this.#value();
      case 4:
        return `IFNULL(${this.#column(scope)}, ${this.#value()})`;
      case 5:
        return this.#value();
      case 6:
        return `${this.#column(scope)} IS NULL`;
      case 7:
        return depth > 0 ? `EXISTS (${this.#correlated(scope)})` : this.#column(scope);
      case 8:
        return `(${this.#column(scope)})`;
      default:
        return this.#column(scope);
    }
  }

  #aggregate(scope: readonly Source[]): string {
    const name = this.#pick(["COUNT", "SUM", "MAX", "MIN", "COUNT(DISTINCT "]);
    return name.endsWith(" ") ? `${name}${this.#column(scope)})` : `${name}(${this.#column(scope)})`;
  }

  #value(): string {
    return this.#pick(["1", "2", "3", "50", "60", "'x'", "'ada'", "NULL"]);
  }

  #comparison(scope: readonly Source[]): string {
    const left = this.#column(scope);
    switch (this.#int(8)) {
      case 0:
        return `${left} = ${this.#value()}`;
      case 1:
        return `${left} > ${this.#value()}`;
      case 2:
        return `${left} IN (1, 2, ${this.#value()})`;
      case 3:
        return `${left} BETWEEN 1 AND ${this.#column(scope)}`;
      case 4:
        return `${left} LIKE '%a%'`;
      case 5:
        return `${left} IS ${this.#pick(["", "NOT "])}NULL`;
      default:
        return `${left} = ${this.#column(scope)}`;
    }
  }

  #condition(depth: number, scope: readonly Source[]): string {
    switch (this.#int(depth > 0 ? 8 : 5)) {
      case 0:
        return `(${this.#condition(depth - 1, scope)} OR ${this.#comparison(scope)})`;
      case 1:
        return `${this.#comparison(scope)} AND ${this.#comparison(scope)}`;
      case 2:
        return `NOT ${this.#comparison(scope)}`;
      case 3:
      case 4:
        return this.#comparison(scope);
      case 5:
        return `EXISTS (${this.#correlated(scope)})`;
      case 6:
        return `${this.#column(scope)} IN (${this.#query(depth - 2, [], 1, false)})`;
      default:
        return `${this.#column(scope)} ${this.#pick(["=", ">"])} (SELECT MAX(q.c1) FROM (${this.#query(depth - 2, [], 1, false)}) q)`;
    }
  }

  #correlated(scope: readonly Source[]): string {
    const inner = this.#source(0, []);
    return `SELECT ${this.#pick(["1", "*", this.#column([inner])])} FROM ${inner.sql} WHERE ${this.#column([inner])} = ${this.#column(scope)}`;
  }
}
