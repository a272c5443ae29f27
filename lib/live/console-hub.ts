import { consoleStore } from "@/lib/db/console-store";
import { log, loggableError } from "@/lib/log";
import { LiveHub } from "./hub";
import { readMarks } from "./marks";

const HOLDER = Symbol.for("sallyport.live-hub");

/** The console process's hub. */
export function liveHub(): LiveHub {
  const holder = globalThis as { [HOLDER]?: LiveHub };
  holder[HOLDER] ??= new LiveHub(
    () => readMarks(consoleStore().db),
    (error) => log().warn({ error: loggableError(error) }, "the store does not answer the live poll"),
  );
  return holder[HOLDER];
}
