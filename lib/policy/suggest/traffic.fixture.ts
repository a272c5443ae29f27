import { seeded } from "@/lib/sql/generate.fixture";
import type { StatementValue } from "../value";

/** One statement of an agent of a test: text with its values in it, or prepared with bound ones. */
export interface PlayedStatement {
  readonly sql: string;
  readonly bound: readonly StatementValue[] | null;
  readonly rows: number;
  readonly session: number;
}

export type AgentName = "orders" | "support" | "reports" | "rogue";

/** What agents send over the tables of `SHOP` in one hour: the same programs in every hour, with other values. */
export class Player {
  readonly #random: () => number;
  #newest: number;
  #session = 0;
  readonly #sent: PlayedStatement[] = [];

  /** `hour` from 1: ids of new rows grow from hour to hour. */
  constructor(hour: number) {
    this.#random = seeded(1000 + hour);
    this.#newest = 5_000 * hour;
  }

  play(agent: AgentName, turns: number): readonly PlayedStatement[] {
    this.#sent.length = 0;
    for (let turn = 0; turn < turns; turn += 1) {
      if (turn % 25 === 0) this.#session += 1;
      this.#turn(agent);
    }
    return [...this.#sent];
  }

  #turn(agent: AgentName): void {
    const turns = { orders: this.#orders, support: this.#support, reports: this.#reports, rogue: this.#rogue };
    const list = turns[agent];
    this.#pick(list).call(this);
  }

  readonly #orders = [
    this.#newOrder,
    this.#oldOrder,
    this.#oldOrder,
    this.#list,
    this.#list,
    this.#several,
    this.#reprice,
    this.#takeItems,
    this.#commit,
  ];
  readonly #support = [this.#person, this.#person, this.#ordersOf, this.#ordersOf, this.#oldOrder, this.#describe];
  readonly #reports = [this.#byDay, this.#byDay, this.#byStatus, this.#best];
  readonly #rogue = [
    this.#oldOrder,
    this.#everybody,
    this.#secrets,
    this.#walk,
    this.#staff,
    this.#wipe,
    this.#export,
    this.#pages,
  ];

  #newOrder(): void {
    this.#newest += 1 + this.#int(2);
    this.#bound("SELECT id, status, total FROM orders WHERE id = ?", [this.#newest], 1);
  }

  #oldOrder(): void {
    const id = 1 + this.#int(this.#newest);
    const text =
      "SELECT o.id, o.status, i.quantity, i.price FROM orders o JOIN items i ON i.order_id = o.id WHERE o.id = ";
    if (this.#chance(0.5)) this.#text(`${text}${id}`, 1 + this.#int(5));
    else this.#bound(`${text}?`, [id], 1 + this.#int(5));
  }

  #list(): void {
    const conditions = [
      this.#chance(0.5) ? `status = '${this.#pick(["open", "paid", "shipped"])}'` : null,
      this.#chance(0.3) ? `city = '${this.#city()}'` : null,
      this.#chance(0.3) ? `total > ${this.#int(900)}` : null,
      this.#chance(0.2) ? `placed >= '2026-05-${this.#two(28)}'` : null,
      this.#chance(0.1) ? `person_id IN (${this.#ids(1 + this.#int(4))})` : null,
    ].filter((one) => one !== null);
    const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    const order = this.#pick(["placed", "total DESC", "id"]);
    this.#text(
      `SELECT id, status, total, placed FROM orders${where} ORDER BY ${order} LIMIT ${this.#pick([10, 20, 50])}`,
      10,
    );
  }

  #several(): void {
    this.#text(`SELECT id, sku, name, price FROM products WHERE id IN (${this.#ids(1 + this.#int(8))})`, 4);
  }

  #reprice(): void {
    this.#bound("UPDATE products SET price = ? WHERE id = ?", [`${this.#int(900)}.50`, 1 + this.#int(40)], 0);
  }

  #takeItems(): void {
    const rows = Array.from(
      { length: 1 + this.#int(6) },
      () => `(${this.#newest}, ${1 + this.#int(40)}, ${1 + this.#int(9)}, ${this.#int(90)}.25)`,
    );
    this.#text(`INSERT INTO items (order_id, product_id, quantity, price) VALUES ${rows.join(",")}`, 0);
  }

  #commit(): void {
    this.#text("COMMIT", 0);
  }

  #person(): void {
    const sql = "SELECT id, name, mail FROM people WHERE id = ?";
    this.#bound(sql, [1 + this.#int(900)], 1);
  }

  #ordersOf(): void {
    const columns = this.#pick(["id, status, total", "id, placed, total"]);
    this.#text(
      `SELECT ${columns} FROM orders WHERE person_id = ${1 + this.#int(900)} ORDER BY placed DESC LIMIT 20`,
      7,
    );
  }

  #describe(): void {
    this.#text("DESCRIBE orders", 6);
  }

  #byDay(): void {
    const [from, to] = [this.#two(14), 14 + this.#int(14)];
    this.#text(
      `SELECT DATE(placed) AS day, COUNT(*) AS orders, SUM(total) AS revenue FROM orders WHERE placed >= '2026-05-${from}' AND placed < '2026-05-${to}' GROUP BY DATE(placed)`,
      14,
    );
  }

  #byStatus(): void {
    this.#text("SELECT status, COUNT(*) AS n FROM orders GROUP BY status", 6);
  }

  #best(): void {
    this.#bound(
      "SELECT p.name, SUM(i.quantity) AS sold FROM items i JOIN products p ON p.id = i.product_id GROUP BY p.name ORDER BY sold DESC LIMIT ?",
      [this.#pick([5, 10])],
      10,
    );
  }

  #everybody(): void {
    this.#text(`SELECT * FROM people${this.#chance(0.5) ? "" : ` WHERE id > ${this.#int(5000)}`}`, 5000);
  }

  #secrets(): void {
    this.#text("SELECT name, secret FROM people LIMIT 100000", 5000);
  }

  #walk(): void {
    this.#newest += 1;
    this.#text(`SELECT mail, secret FROM people WHERE id = ${this.#newest}`, 1);
  }

  #staff(): void {
    this.#text(`SELECT name, pay FROM staff${this.#pick(["", " ORDER BY pay DESC", " WHERE pay > 100"])}`, 800);
  }

  #wipe(): void {
    this.#text(this.#pick(["DELETE FROM scratch", "DROP TABLE scratch", "UPDATE orders SET total = 0"]), 0);
  }

  #export(): void {
    this.#text(`SELECT * FROM orders INTO OUTFILE '/tmp/o${this.#int(9)}'`, 0);
  }

  #pages(): void {
    this.#text(`SELECT id, name FROM people ORDER BY id LIMIT 500 OFFSET ${500 * this.#int(40)}`, 500);
  }

  #text(sql: string, rows: number): void {
    this.#sent.push({ sql, bound: null, rows, session: this.#session });
  }

  #bound(sql: string, values: readonly (number | string)[], rows: number): void {
    const bound = values.map(
      (one): StatementValue =>
        typeof one === "number" ? { kind: "number", text: String(one), form: "float" } : { kind: "string", text: one },
    );
    this.#sent.push({ sql, bound, rows, session: this.#session });
  }

  #ids(count: number): string {
    return Array.from({ length: count }, () => 1 + this.#int(400)).join(", ");
  }

  #city(): string {
    return this.#pick(["Bern", "Basel", "Chur", "Genf", "Zug", "Thun", "Olten"]);
  }

  #two(below: number): string {
    return String(1 + this.#int(below)).padStart(2, "0");
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
}
