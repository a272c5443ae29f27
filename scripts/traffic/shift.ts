import { generateShop, SHOP_NOW } from "../shop/generate";
import type { Random } from "../shop/random";
import { CATEGORIES, CITIES } from "../shop/words";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** The shop's own rows, which every statement is about. */
const SHOP = generateShop();
const CUSTOMERS = SHOP.customers.rows.length;
const ORDERS = SHOP.orders.rows.length;
const PRODUCTS = SHOP.products.rows.length;
const NEW_ORDERS_AN_HOUR = 40;
const NEW_CUSTOMERS_AN_HOUR = 3;
/** Without a common divisor with the number of customers: spreads the favourites over all ids. */
const SPREAD = 769;

const LIMITS = [5, 10, 10, 20, 20, 20, 50, 100] as const;

const cell = (table: keyof typeof SHOP, row: number, column: string): string =>
  String(SHOP[table].rows[row - 1]?.[SHOP[table].columns.indexOf(column)] ?? "");

/** One agent's hour: what it knows of the shop at a moment, and which ids, dates and words it comes across. */
export class Shift {
  readonly random: Random;
  readonly #hour: number;
  /** Part of the hour that is over: 0 to 1. */
  progress = 0;

  constructor(random: Random, hour: number) {
    this.random = random;
    this.#hour = hour;
  }

  get now(): Date {
    return new Date(SHOP_NOW + (this.#hour + this.progress) * HOUR_MS);
  }

  /** A customer of the shop: few come up often, most seldom (Zipf-like). */
  customer(): number {
    return (this.#skewed(CUSTOMERS) * SPREAD) % CUSTOMERS || CUSTOMERS;
  }

  /** Like `customer`, but now and then one who signed up this hour: the shop's own rows do not have them. */
  caller(): number {
    if (!this.random.chance(0.05)) return this.customer();
    return CUSTOMERS + Math.ceil((this.#hour + this.progress) * NEW_CUSTOMERS_AN_HOUR) + 1;
  }

  /** An order: the younger, the more often; new ones come in all the time. */
  order(): number {
    const newest = ORDERS + Math.floor((this.#hour + this.progress) * NEW_ORDERS_AN_HOUR);
    return Math.max(1, newest + 1 - this.#skewed(ORDERS));
  }

  product(): number {
    return (this.#skewed(PRODUCTS) * 7) % PRODUCTS || PRODUCTS;
  }

  /** A few different ones, in ascending order. */
  several(one: () => number, low: number, high: number): number[] {
    const wanted = this.random.int(low, high);
    const found = new Set<number>();
    while (found.size < wanted) found.add(one());
    return [...found].sort((a, b) => a - b);
  }

  sku(): string {
    return cell("products", this.product(), "sku");
  }

  email(): string {
    return cell("customers", this.customer(), "email");
  }

  /** First letters of a name. */
  nameStart(): string {
    const name = cell("customers", this.customer(), "name");
    return `${name.slice(0, this.random.int(3, Math.max(3, name.indexOf(" "))))}%`;
  }

  city(): string {
    const { city, region } = this.random.pick(CITIES);
    return `${city}, ${region}`;
  }

  category(): string {
    return this.random.pick(CATEGORIES).name;
  }

  /** Something that the shop sells, as one would search for it. */
  thing(): string {
    return `%${this.random.pick(this.random.pick(CATEGORIES).things)}%`;
  }

  limit(): number {
    return this.random.pick(LIMITS);
  }

  price(): string {
    return (this.random.int(9, 220) - 0.1).toFixed(2);
  }

  /** The present moment as DATETIME. */
  moment(): string {
    return this.now.toISOString().slice(0, 19).replace("T", " ");
  }

  /** The beginning of the day that many days ago. */
  day(ago: number): string {
    return new Date(this.now.getTime() - ago * DAY_MS).toISOString().slice(0, 10);
  }

  /** The whole hour that many hours ago, as DATETIME. */
  wholeHour(ago: number): string {
    const at = Math.floor(this.now.getTime() / HOUR_MS - ago) * HOUR_MS;
    return new Date(at).toISOString().slice(0, 19).replace("T", " ");
  }

  /** 1 to `size`, small numbers far more often. */
  #skewed(size: number): number {
    return Math.min(size, Math.floor(size ** this.random.next()));
  }
}
