import mysql, { type Connection, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import { type Assignment, caOf, goOnMeanwhile, think } from "./agent";

/** One thing the agent does, with what it says about it. */
type Task = (connection: Connection, assignment: Assignment) => Promise<string>;

/** How often each task comes up, relative to the others. */
const TASKS: readonly (readonly [weight: number, task: Task])[] = [
  [5, openOrders],
  [5, orderDetails],
  [4, customerHistory],
  [3, bestSellers],
  [2, revenue],
  [3, shipOrder],
  [2, placeOrder],
  [2, restock],
  [1, misspelledColumn],
  [1, impossibleOrder],
  [1, findCustomers],
  [1, refund],
  [1, numbersOfCustomers],
  [1, cleanUp],
];
const STATEMENTS_PER_SESSION = 25;

/**
 * An agent that looks after orders, with mysql2: plain and prepared statements, transactions, and the mistakes that agents make.
 * It connects again after a while, as agents do between conversations.
 */
export async function runOrdersAgent(assignment: Assignment): Promise<number> {
  let done = 0;
  while (!assignment.signal.aborted) {
    const connection = await connect(assignment);
    assignment.say("connected to shop");
    for (let turn = 0; turn < STATEMENTS_PER_SESSION && !assignment.signal.aborted; turn++) {
      try {
        assignment.say(await chooseTask(assignment)(connection, assignment));
      } catch (error) {
        assignment.say(`got an error and goes on: ${error instanceof Error ? error.message : String(error)}`);
        if (error instanceof Error && "fatal" in error && error.fatal === true) {
          break;
        }
      }
      done++;
      await think(assignment, 150, 1200);
    }
    // Says goodbye where the connection still stands, and closes it in any case.
    await connection.end().catch(() => connection.destroy());
  }
  return done;
}

function connect({ gateway, token }: Assignment): Promise<Connection> {
  return mysql.createConnection({
    host: gateway.host,
    port: gateway.port,
    user: "shop",
    password: token,
    database: "shop",
    ssl: { ca: caOf(gateway) },
    connectAttributes: { program_name: "orders-agent" },
  });
}

function chooseTask({ random }: Assignment): Task {
  return random.pick(TASKS.flatMap(([weight, task]) => Array.from({ length: weight }, () => task)));
}

async function openOrders(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT id, customer_id, total, placed_at FROM orders WHERE status IN ('open', 'paid') ORDER BY placed_at LIMIT 20",
  );
  return `looked at ${rows.length} orders that wait`;
}

async function orderDetails(connection: Connection, { random }: Assignment): Promise<string> {
  const id = random.int(1, 3000);
  const [lines] = await connection.execute<RowDataPacket[]>(
    "SELECT i.line, p.name, i.quantity, i.unit_price FROM order_items i JOIN products p ON p.id = i.product_id WHERE i.order_id = ?",
    [id],
  );
  return `read the ${lines.length} lines of order ${id}`;
}

async function customerHistory(connection: Connection, { random }: Assignment): Promise<string> {
  const id = random.int(1, 1200);
  const [rows] = await connection.execute<RowDataPacket[]>(
    "SELECT c.name, COUNT(o.id) AS orders, COALESCE(SUM(o.total), 0) AS spent FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.id = ? GROUP BY c.id, c.name",
    [id],
  );
  return `asked what customer ${id} has ordered: ${rows[0]?.orders ?? 0} orders, ${rows[0]?.spent ?? 0}`;
}

async function bestSellers(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT p.name, SUM(i.quantity) AS sold FROM order_items i JOIN products p ON p.id = i.product_id GROUP BY p.id, p.name ORDER BY sold DESC LIMIT 5",
  );
  return `asked for the best sellers: ${rows[0]?.name ?? "none"} leads`;
}

async function revenue(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>("SELECT * FROM monthly_revenue ORDER BY month DESC LIMIT 6");
  return `asked for the revenue of ${rows.length} months`;
}

async function shipOrder(connection: Connection): Promise<string> {
  await connection.beginTransaction();
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT id FROM orders WHERE status = 'paid' ORDER BY placed_at LIMIT 1 FOR UPDATE",
    );
    const id: unknown = rows[0]?.id;
    if (typeof id !== "number") {
      await connection.rollback();
      return "found no paid order to ship";
    }
    await connection.execute("UPDATE orders SET status = 'shipped', shipped_at = NOW() WHERE id = ?", [id]);
    await connection.commit();
    return `shipped order ${id} in a transaction`;
  } catch (error) {
    await connection.rollback();
    throw error;
  }
}

async function placeOrder(connection: Connection, { random }: Assignment): Promise<string> {
  await connection.beginTransaction();
  try {
    const [products] = await connection.execute<RowDataPacket[]>("SELECT id, price FROM products WHERE id = ?", [
      random.int(1, 120),
    ]);
    const product = Number(products[0]?.id);
    const price = String(products[0]?.price);
    const [order] = await connection.execute<ResultSetHeader>(
      "INSERT INTO orders (customer_id, status, total, placed_at) VALUES (?, 'paid', ?, NOW())",
      [random.int(1, 1200), price],
    );
    await connection.execute(
      "INSERT INTO order_items (order_id, line, product_id, quantity, unit_price) VALUES (?, 1, ?, 1, ?)",
      [order.insertId, product, price],
    );
    await connection.execute("UPDATE products SET stock = stock - 1 WHERE id = ?", [product]);
    await connection.commit();
    return `placed order ${order.insertId} for a customer on the phone`;
  } catch (error) {
    await connection.rollback();
    throw error;
  }
}

async function restock(connection: Connection, { random }: Assignment): Promise<string> {
  const [result] = await connection.execute<ResultSetHeader>(
    "UPDATE products SET stock = stock + ? WHERE category = ? AND stock < 10",
    [random.int(5, 20), random.pick(["Kitchen", "Garden", "Office", "Home", "Outdoor"])],
  );
  return `restocked ${result.affectedRows} products`;
}

async function misspelledColumn(connection: Connection): Promise<string> {
  await connection.query("SELECT id, order_total FROM orders LIMIT 10");
  return "read totals";
}

/** An order of a customer that does not exist: the foreign key refuses it, and the agent rolls back. */
async function impossibleOrder(connection: Connection): Promise<string> {
  await connection.beginTransaction();
  try {
    await connection.execute(
      "INSERT INTO orders (customer_id, status, total, placed_at) VALUES (?, 'open', ?, NOW())",
      [999_999, "19.90"],
    );
    return "placed an order";
  } finally {
    await connection.rollback();
  }
}

async function findCustomers(connection: Connection, { random }: Assignment): Promise<string> {
  const city = random.pick(["Portland", "Austin", "Columbus", "Denver"]);
  const [rows] = await connection.execute<RowDataPacket[]>(
    "SELECT id, name, segment FROM customers WHERE city LIKE ? ORDER BY name LIMIT 20",
    [`${city}%`],
  );
  return `found ${rows.length} customers in ${city}`;
}

/** Waits for a reviewer, for the policy holds refunds: on a connection of its own, since nothing else runs there meanwhile. */
async function refund(_connection: Connection, assignment: Assignment): Promise<string> {
  const { random, signal } = assignment;
  const id = random.int(1, 3000);
  const own = await connect(assignment);
  const drop = () => own.destroy();
  signal.addEventListener("abort", drop, { once: true });
  const work = own
    .query(`/* purpose: order ${id} came back damaged */ UPDATE orders SET status = 'refunded' WHERE id = ?`, [id])
    .then(() => `refunded order ${id}`)
    .finally(() => {
      signal.removeEventListener("abort", drop);
      drop();
    });
  return goOnMeanwhile(assignment, work, `refund of order ${id}`);
}

/** Asks for what the policy denies to everybody. */
async function numbersOfCustomers(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>("SELECT name, ssn FROM customers ORDER BY id LIMIT 10");
  return `read the numbers of ${rows.length} customers`;
}

/** A deletion that nothing allows. */
async function cleanUp(connection: Connection): Promise<string> {
  const [result] = await connection.query<ResultSetHeader>("DELETE FROM orders WHERE status = 'cancelled'");
  return `deleted ${result.affectedRows} cancelled orders`;
}
