import { SAME_ACCOUNT } from "@/lib/connections/model";
import { patternKey } from "@/lib/masking/mask-set";
import type { ConfigurationFile } from "../file-schema";
import type { Issue } from "./explain-issues";

/**
 * What is valid in each of its parts and not together: what stands twice, and a restricted account that is the connection's own.
 * Policies and masks of a connection whose name is misspelt are the store's to find.
 */
export function findContradictions(file: ConfigurationFile): Issue[] {
  return [
    ...(["connections", "policies"] as const).flatMap((kind) =>
      repeated(file[kind].map((one) => one.name)).map(({ at, first }) => ({
        path: [kind, at, "name"],
        message: `the name ${file[kind][at]?.name} stands already at ${kind}[${first}]`,
      })),
    ),
    ...file.connections.flatMap(({ user, restricted }, at) =>
      restricted?.user === user ? [{ path: ["connections", at, "restricted", "user"], message: SAME_ACCOUNT }] : [],
    ),
    ...repeated(file.masks.map((one) => `${one.connection}\0${patternKey(one.column)}`)).map(({ at, first }) => ({
      path: ["masks", at, "column"],
      message: `${file.masks[at]?.column} of ${file.masks[at]?.connection} is masked already at masks[${first}]`,
    })),
    ...file.policies.flatMap(({ identities }, at) =>
      repeated(identities.map((one) => JSON.stringify(one))).map(({ at: n }) => ({
        path: ["policies", at, "identities", n],
        message: "this identity stands here twice",
      })),
    ),
  ];
}

/** The positions of texts that stand earlier too, each with the first. */
function repeated(texts: readonly string[]): { readonly at: number; readonly first: number }[] {
  const firstAt = new Map<string, number>();
  return texts.flatMap((text, at) => {
    const first = firstAt.get(text);
    if (first !== undefined) return [{ at, first }];
    firstAt.set(text, at);
    return [];
  });
}
