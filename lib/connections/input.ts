import { z } from "zod";
import { confirmation } from "@/lib/policy/impact/confirmation";
import { accountName, approvalSettings, connectionFields, ENFORCEMENT_MODES, recordingSettings } from "./model";

/** What the console asks for: the fields that take effect, each as in the configuration file, plus the credential. */
export const editableFields = connectionFields
  .pick({
    name: true,
    host: true,
    port: true,
    user: true,
    tls: true,
    ca: true,
    schema: true,
    limits: true,
  })
  // Left out: the default of a new connection; of an existing one they stay.
  .extend({
    approvals: approvalSettings.optional(),
    recording: recordingSettings.optional(),
    mode: z.enum(ENFORCEMENT_MODES).optional(),
  });

/** A database password; never trimmed, never returned. */
export const password = z.string().min(1, "the password of this account").max(1024);

/** The second account, without privileges on masked columns. */
const restrictedAccount = z.strictObject({ user: accountName, password });

export const newConnection = editableFields.extend({ password, restricted: restrictedAccount.optional() });

export const connectionChange = z.strictObject({
  id: z.ulid(),
  /** The version the person started from; another one in the store is a CONFLICT. */
  version: z.int().min(1),
  fields: editableFields,
  /** Needed when host, port or user change: the stored password goes only to the account it was stored for. */
  password: password.optional(),
  /** Left out: stays; null: removed. Its password is needed when host, port or its user change, or none was stored. */
  restricted: restrictedAccount.partial({ password: true }).nullable().optional(),
  confirmation,
});

export type EditableFields = z.output<typeof editableFields>;
export type NewConnection = z.input<typeof newConnection>;
export type RestrictedChange = NonNullable<z.output<typeof connectionChange>["restricted"]>;
export type ConnectionChange = z.input<typeof connectionChange>;
