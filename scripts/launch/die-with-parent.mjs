// Preloaded (`node --import`) into the launcher's Node children: asks this process to stop when the launcher is gone.
const parent = Number(process.env.SALLYPORT_LAUNCHER_PID);
const EVERY_MS = 500;
const GRACE_MS = 10_000;

if (Number.isInteger(parent) && parent > 1 && process.ppid === parent) {
  const watch = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(watch);
      process.kill(process.pid, "SIGTERM");
      // What does not end by itself is ended: nobody is left to do it.
      setTimeout(() => process.exit(1), GRACE_MS).unref();
    }
  }, EVERY_MS);
  watch.unref();
}
