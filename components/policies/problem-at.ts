type Path = readonly (string | number)[];

interface Said {
  readonly path: Path;
  readonly message: string;
}

const keyOf = (path: Path) => `${path.join("/")}/`;

/** What is said of a part of a draft, or of something in it; null: nothing. */
export function messageAt(list: readonly Said[]): (path: Path) => string | null {
  const keyed = list.map((one) => ({ key: keyOf(one.path), message: one.message }));
  return (path) => keyed.find((one) => one.key.startsWith(keyOf(path)))?.message ?? null;
}

/** "rules[0].tables[1]", as the server names what is wrong, as the path of a draft. */
export function pathOfProblem(path: string): (string | number)[] {
  return path.split(/[.[\]]+/).flatMap((part) => (part === "" ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
}
