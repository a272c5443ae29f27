import type { UseFormSetError } from "react-hook-form";
import { z } from "zod";
import { type EditableFields, editableFields, password } from "@/lib/connections/input";
import { LIMIT_LABELS } from "@/lib/connections/labels";
import { accountName } from "@/lib/connections/model";
import type { ErrorBody } from "@/lib/http/error-body";

/** The forms of a connection, from the one schema of lib/connections: the wizard asks for a password, the settings only sometimes. */
export const settingsForm = editableFields.extend({
  password: password.optional(),
  /** Empty: no second account. */
  restrictedUser: z.union([z.literal(""), accountName]).optional(),
  restrictedPassword: password.optional(),
});
export const newConnectionForm = settingsForm.refine((values) => values.password !== undefined, {
  path: ["password"],
  message: "the password of this account",
});

/** The values while they are typed; both forms share their inputs. */
export type ConnectionForm = z.input<typeof settingsForm>;
export type SettingsValues = z.output<typeof settingsForm>;

/** Shows the server's problems at their fields; returns the one sentence for those that have no field here. */
export function showProblems(error: ErrorBody, setError: UseFormSetError<ConnectionForm>): string | null {
  const known = new Set<string>(Object.keys(settingsForm.shape));
  let shown = false;
  for (const problem of error.problems) {
    const path = problem.path
      .replace(/^fields\./, "")
      .replace(/^restricted\.(\w)/, (_, first: string) => `restricted${first.toUpperCase()}`);
    if (known.has(path.split(".")[0] ?? "")) {
      // The path was checked against the schema's own names.
      setError(path as keyof ConnectionForm, { message: problem.message });
      shown = true;
    }
  }
  return shown ? null : [error.message, error.next].filter(Boolean).join(". ");
}

/** A form's starting values with every field present: a field that is absent would count as changed once its input is there. */
export function startingValues(fields: EditableFields, restrictedUser: string | null): ConnectionForm {
  const limits = Object.fromEntries(Object.keys(LIMIT_LABELS).map((name) => [name, undefined]));
  return {
    password: undefined,
    ca: undefined,
    schema: undefined,
    restrictedUser: restrictedUser ?? "",
    restrictedPassword: undefined,
    ...fields,
    limits: { ...limits, ...fields.limits },
  };
}
