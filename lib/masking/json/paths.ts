/** Paths (mask.ts) as a tree of steps, so that a document is walked once for all of them. */
export interface PathNode {
  /** A path ends here. */
  ends: boolean;
  readonly names: Map<string, PathNode>;
  readonly indexes: Map<number, PathNode>;
  /** `[*]` */
  every: PathNode | null;
}

const STEP = /\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+|\*)\]/g;

const emptyNode = (): PathNode => ({ ends: false, names: new Map(), indexes: new Map(), every: null });

function childOf<Key>(children: Map<Key, PathNode>, key: Key): PathNode {
  const child = children.get(key) ?? emptyNode();
  children.set(key, child);
  return child;
}

function step(node: PathNode, name: string | undefined, index: string | undefined): PathNode {
  if (name !== undefined) return childOf(node.names, name);
  if (index !== "*") return childOf(node.indexes, Number(index));
  node.every ??= emptyNode();
  return node.every;
}

/** Reads paths such as `$.items[*].email`. */
export function pathTree(paths: readonly string[]): PathNode {
  const root = emptyNode();
  for (const path of paths) {
    let node = root;
    for (const [, name, index] of path.matchAll(STEP)) node = step(node, name, index);
    node.ends = true;
  }
  return root;
}

/**
 * Where the paths stand at a value that is no array: as in MySQL's JSON paths, `[0]` of it is the value itself; and so is `[*]`, lest a
 * document that leaves a list of one out shows it.
 */
export function unwrapped(nodes: readonly PathNode[]): readonly PathNode[] {
  const all = [...nodes];
  for (const node of all) {
    const first = node.indexes.get(0);
    if (first !== undefined) all.push(first);
    if (node.every !== null) all.push(node.every);
  }
  return all;
}

/** Where the paths stand at a member of an object. */
export function atName(nodes: readonly PathNode[], name: string): readonly PathNode[] {
  return nodes.flatMap((node) => node.names.get(name) ?? []);
}

/** Where the paths stand at an element of an array. */
export function atIndex(nodes: readonly PathNode[], index: number): readonly PathNode[] {
  return nodes.flatMap((node) => [node.indexes.get(index) ?? [], node.every ?? []].flat());
}
