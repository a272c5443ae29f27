import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { EARLY_BYTES, Turn } from "./turn";
import { Wire } from "./wire";

/** A journal whose writes and syncs the test decides on, and in whose order of events everything is noted. */
class Scripted {
  readonly events: string[] = [];
  fails = false;
  syncs: ((safe: boolean) => void)[] = [];
  sync: (() => Promise<boolean>) | null = null;

  write(): boolean {
    this.events.push(this.fails ? "write failed" : "written");
    return !this.fails;
  }

  always(): this {
    this.sync = () => {
      this.events.push("sync");
      return new Promise((resolve) => this.syncs.push(resolve));
    };
    return this;
  }
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Pair {
  readonly wire: Wire;
  readonly reader: Socket;
  drained: number;
  received(): Promise<string>;
}

async function pairOn(turn: Turn, events: string[], name: string): Promise<Pair> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const reader = connect(address.port, "127.0.0.1");
  const [socket] = await accepted;
  closers.push(() => void [socket.destroy(), reader.destroy(), server.close()]);
  const write = socket.write.bind(socket);
  socket.write = ((bytes: Buffer) => {
    events.push(`${name}:${bytes.length > 20 ? bytes.length : bytes.toString()}`);
    return write(bytes);
  }) as Socket["write"];
  const destroy = socket.destroy.bind(socket);
  socket.destroy = ((error?: Error) => {
    events.push(`${name} destroyed`);
    return destroy(error);
  }) as Socket["destroy"];
  const pair: Pair = {
    wire: new Wire(
      socket,
      {
        onBytes: () => undefined,
        onDrain: () => {
          pair.drained += 1;
        },
        onGone: () => undefined,
      },
      false,
    ),
    reader,
    drained: 0,
    received: async () => {
      const parts: Buffer[] = [];
      for await (const part of reader) parts.push(part as Buffer);
      return Buffer.concat(parts).toString();
    },
  };
  pair.wire.join(turn);
  return pair;
}

async function world(journal = new Scripted()) {
  const turn = new Turn(journal);
  const { events } = journal;
  return { journal, turn, events, a: await pairOn(turn, events, "a"), b: await pairOn(turn, events, "b") };
}
const text = (value: string) => Buffer.from(value);

describe("a turn", () => {
  it("lets out at once what wires are given before a record", async () => {
    const { a, events } = await world();
    a.wire.write(text("hello"), true);
    expect(events).toEqual(["a:hello"]);
  });

  it("lets out behind the write, in order over all wires, what they are given after a record", async () => {
    const { a, b, events, turn } = await world();
    turn.begin();
    const borrowed = text("one");
    a.wire.write(borrowed, true);
    borrowed.fill("x");
    b.wire.write(text("two"), false);
    a.wire.write(text("three"), true);
    expect(events).toEqual([]);
    await nextTurn();
    expect(events).toEqual(["written", "a:one", "b:two", "a:three"]);
    a.wire.write(text("free"), true);
    expect(events.at(-1)).toBe("a:free");
  });

  it("tells who asks once the records are written, or that they are not, in order with what wires are given", async () => {
    const { a, events, turn, journal } = await world();
    const ask = () => a.wire.afterRecords().then((safe) => events.push(`safe: ${safe}`));
    await ask();
    turn.begin();
    void ask();
    expect(events).toEqual(["safe: true"]);
    await nextTurn();
    expect(events).toEqual(["safe: true", "written", "safe: true"]);
    journal.fails = true;
    turn.begin();
    void ask();
    await nextTurn();
    expect(events.at(-1)).toBe("safe: false");
  });

  it("puts together what one wire is given in a row", async () => {
    const { a, events, turn } = await world();
    turn.begin();
    a.wire.write(text("one"), true);
    a.wire.write(text("two"), true);
    await nextTurn();
    expect(events).toEqual(["written", "a:onetwo"]);
  });

  it("goes out early when much is held, borrowed bytes as they are", async () => {
    const { a, b, events, turn } = await world();
    turn.begin();
    b.wire.write(text("first"), true);
    a.wire.write(Buffer.alloc(EARLY_BYTES), true);
    expect(events).toEqual(["written", "b:first", `a:${EARLY_BYTES}`]);
  });

  it("ends and destroys wires behind what they were given", async () => {
    const { a, b, events, turn } = await world();
    turn.begin();
    a.wire.end(text("bye"));
    b.wire.write(text("last"), true);
    b.wire.destroy();
    a.wire.write(text("too late"), true);
    b.wire.write(text("too late"), true);
    expect(events).toEqual([]);
    const both = Promise.all([a.received(), b.received()]);
    await nextTurn();
    expect(events).toEqual(["written", "a:bye", "b:last", "b destroyed"]);
    expect(await both).toEqual(["bye", "last"]);
  });

  it("sends nothing and destroys the wires when the write fails, and holds nothing against the next turn", async () => {
    const { a, b, events, turn, journal } = await world();
    journal.fails = true;
    turn.begin();
    a.wire.write(text("secret"), true);
    turn.flush();
    turn.begin();
    b.wire.write(text("of the same turn"), true);
    await nextTurn();
    expect(events.filter((event) => event.includes(":"))).toEqual([]);
    expect(events).toContain("a destroyed");
    expect(events).toContain("b destroyed");
    const later = await pairOn(turn, events, "c");
    later.wire.write(text("free"), true);
    expect(events.at(-1)).toBe("c:free");
  });

  it("fails what comes early, too", async () => {
    const { a, events, turn, journal } = await world();
    journal.fails = true;
    turn.begin();
    a.wire.write(Buffer.alloc(EARLY_BYTES), true);
    expect(events).toEqual(["write failed", "a destroyed"]);
  });

  it("answers a peer that has ended its side in the same turn", async () => {
    const { a, turn } = await world();
    a.wire.resume();
    const received = a.received();
    const ended = new Promise<void>((resolve) => {
      // Runs before the wire's own listeners: here a record and its answer come as the peer ends its side.
      const { handler } = a.wire;
      a.wire.handler = {
        ...handler,
        onBytes: () => {
          turn.begin();
          a.wire.write(text("answer"), true);
          resolve();
        },
      };
    });
    a.reader.end("question");
    await ended;
    expect(await received).toBe("answer");
  });
});

describe("a turn whose records must be on the disk", () => {
  it("lets out when a sync that began after the write is over, and turns meanwhile share the next", async () => {
    const { a, b, events, turn, journal } = await world(new Scripted().always());
    turn.begin();
    a.wire.write(text("one"), true);
    await nextTurn();
    turn.begin();
    b.wire.write(text("two"), true);
    await nextTurn();
    turn.begin();
    a.wire.write(text("three"), true);
    await nextTurn();
    expect(events).toEqual(["written", "sync", "written", "written"]);
    journal.syncs[0]?.(true);
    await nextTurn();
    expect(events.slice(4)).toEqual(["a:one", "sync"]);
    journal.syncs[1]?.(true);
    await nextTurn();
    expect(events.slice(6)).toEqual(["b:two", "a:three"]);
  });

  it("keeps what comes later behind it, records of its own or not", async () => {
    const { a, b, events, turn, journal } = await world(new Scripted().always());
    turn.begin();
    a.wire.write(text("one"), true);
    await nextTurn();
    a.wire.write(text("two"), true);
    b.wire.write(text("three"), true);
    journal.syncs[0]?.(true);
    await nextTurn();
    expect(events).toEqual(["written", "sync", "a:onetwo", "b:three"]);
  });

  it("holds everything of a turn, also behind an early write", async () => {
    const { a, events, turn, journal } = await world(new Scripted().always());
    turn.begin();
    turn.flush();
    a.wire.write(text("one"), true);
    expect(events).toEqual(["written"]);
    await nextTurn();
    expect(events.filter((event) => event.startsWith("a"))).toEqual([]);
    journal.syncs[0]?.(true);
    await nextTurn();
    expect(events.at(-1)).toBe("a:one");
  });

  it("tells a full wire's owner that it has drained", async () => {
    const { a, turn, journal } = await world(new Scripted().always());
    a.reader.resume();
    turn.begin();
    a.wire.write(Buffer.alloc(200 * 1024), true);
    await nextTurn();
    expect(a.wire.full).toBe(true);
    journal.syncs[0]?.(true);
    await expect.poll(() => a.drained).toBeGreaterThan(0);
    expect(a.wire.full).toBe(false);
  });

  it("destroys the wires when the sync fails", async () => {
    const { a, events, turn, journal } = await world(new Scripted().always());
    turn.begin();
    a.wire.write(text("secret"), true);
    await nextTurn();
    journal.syncs[0]?.(false);
    await nextTurn();
    expect(events).toEqual(["written", "sync", "a destroyed"]);
  });
});
