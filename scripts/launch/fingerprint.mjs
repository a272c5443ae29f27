// Whether something built is still what its sources say: a hash of their contents, because times change with every clone.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";

const IGNORED = /\.test\.tsx?$|(^|\/)(node_modules|\.next|dist|\.data)(\/|$)/;

/** @param {string} path relative to the root @returns {string[]} the files at or below it, sorted */
function filesBelow(path) {
  const whole = join(ROOT, path);
  if (IGNORED.test(path) || !existsSync(whole)) {
    return [];
  }
  if (!statSync(whole).isDirectory()) {
    return [path];
  }
  return readdirSync(whole)
    .sort()
    .flatMap((name) => filesBelow(`${path}/${name}`));
}

/** @param {readonly string[]} paths files and folders, relative to the root @returns {string} a SHA-256 in hex */
export function fingerprint(paths) {
  const hash = createHash("sha256").update(process.versions.modules);
  for (const file of paths.flatMap(filesBelow)) {
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest("hex");
}

/** @param {string} stamp path of the file that holds the fingerprint of the last build @param {string} value */
export function isCurrent(stamp, value) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === value;
}

/** @param {string} stamp @param {string} value */
export function markCurrent(stamp, value) {
  writeFileSync(stamp, value);
}
