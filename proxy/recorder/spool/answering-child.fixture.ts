import { createServer } from "node:net";
import { Wire } from "../../socket/wire";
import { Spool } from "./spool";

// Answers every line over its sockets behind a record of it, until it is killed. Says where it listens on stdout.
const [folder = "", gatewayId = "", fsync = "os"] = process.argv.slice(2);
const spool = new Spool({
  folder,
  gatewayId,
  segmentBytes: 256 * 1024,
  maxBytes: 64 * 1024 * 1024,
  fsync: fsync === "always" ? "always" : "os",
  onFailing: () => process.exit(3),
});
const server = createServer({ noDelay: true }, (socket) => {
  const wire: Wire = new Wire(
    socket,
    {
      onBytes: (bytes, length) => {
        for (const line of bytes.toString("utf8", 0, length).split("\n")) {
          if (line === "") continue;
          spool.appendText("audit", line);
          wire.write(Buffer.from(`${line}\n`), true);
        }
      },
      onDrain: () => undefined,
      onGone: () => undefined,
    },
    false,
  );
  wire.join(spool.turn);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${JSON.stringify(server.address())}\n`));
