import { z } from "zod";
import { closest } from "./closest";

/** A place in the document: keys and positions from its top. */
export type Path = readonly (string | number)[];

export interface Issue {
  readonly path: Path;
  readonly message: string;
}

/** The schema inside defaults and optionals. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.def.innerType;
  }
  return inner;
}

/** The schema that stands at a path of the document, or null where there is none. */
function schemaAt(root: z.core.$ZodType, path: Path): z.core.$ZodType | null {
  let schema: z.core.$ZodType | null = unwrap(root);
  for (const part of path) {
    if (schema instanceof z.ZodArray) {
      schema = unwrap(schema.def.element);
    } else if (schema instanceof z.ZodObject) {
      const field: z.core.$ZodType | undefined = schema.def.shape[String(part)];
      schema = field === undefined ? null : unwrap(field);
    } else {
      return null;
    }
  }
  return schema;
}

/** The keys an object may have here; of a union of objects, those of all of them. */
function keysOf(schema: z.core.$ZodType | null): string[] {
  if (schema instanceof z.ZodObject) {
    return Object.keys(schema.def.shape);
  }
  return schema instanceof z.ZodUnion ? schema.def.options.flatMap((option) => keysOf(unwrap(option))) : [];
}

function unknownKey(path: Path, key: string, known: readonly string[]): Issue {
  const meant = closest(key, known);
  const hint = meant === null ? `known here: ${known.join(", ")}` : `did you mean ${meant}?`;
  return { path: [...path, key], message: `unknown key; ${hint}` };
}

/** A union of objects of one key each: says which keys there are, and where one of them was meant, what is wrong with it. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, root: z.ZodType, value: unknown): Issue[] {
  const known = keysOf(schemaAt(root, path));
  const oneOf = `must have exactly one of the keys ${known.join(", ")}`;
  if (typeof value !== "object" || value === null || Array.isArray(value) || known.length === 0) {
    return [{ path, message: known.length === 0 ? issue.message : `${oneOf}, e.g. { ${known[0]}: ... }` }];
  }
  const given = Object.keys(value);
  const strange = given.filter((key) => !known.includes(key));
  if (strange.length > 0) {
    return strange.map((key) => unknownKey(path, key, known));
  }
  const [only, ...more] = given;
  if (only === undefined || more.length > 0) {
    return [{ path, message: oneOf }];
  }
  const option = issue.errors.find((errors) => errors.every((one) => one.path[0] === only));
  return (option ?? []).map((one) => ({ path: [...path, ...pathOf(one.path)], message: one.message }));
}

function pathOf(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((part) => (typeof part === "number" ? part : String(part)));
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inside, part) => (typeof inside === "object" && inside !== null ? Reflect.get(inside, part) : undefined),
    document,
  );
}

/** zod's issues as problems a person can act on: one for each unknown key, with what was probably meant, and unions in words. */
export function explainIssues(error: z.ZodError, root: z.ZodType, document: unknown): Issue[] {
  return error.issues.flatMap((issue) => {
    const path = pathOf(issue.path);
    switch (issue.code) {
      case "unrecognized_keys": {
        const known = keysOf(schemaAt(root, path));
        return issue.keys.map((key) => unknownKey(path, key, known));
      }
      case "invalid_union":
        return explainUnion(issue, path, root, valueAt(document, path));
      default:
        return [
          {
            path,
            message:
              valueAt(document, path) === undefined && issue.code === "invalid_type" ? "is missing" : issue.message,
          },
        ];
    }
  });
}
