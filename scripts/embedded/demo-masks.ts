import type { z } from "zod";
import type { mask } from "@/lib/masking/mask";

type MaskInput = z.input<typeof mask>;

/** What the demo hides of the demo database: something of most methods. */
export const DEMO_MASKS: readonly MaskInput[] = [
  { column: "shop.customers.ssn", method: "redact" },
  { column: "shop.customers.card_number", method: "partial", options: { keep_last: 4 } },
  { column: "shop.customers.phone", method: "partial", options: { keep_last: 4 }, exempt: ["support"] },
  { column: "shop.customers.birth_date", method: "year" },
  // One mask for all: the same person gets the same token, and can be looked up by it.
  { column: "shop.*.email", method: "token", predicates: "equality", join_class: "person-email" },
  { column: "shop.employees.salary", method: "bucket", options: { size: 10_000 }, exempt: ["finance"] },
];
