import { z } from "zod";
import type { Permission } from "@/lib/auth/roles";
import { SAVED_VIEW_PAGES } from "@/lib/db/schema/saved-views";
import { ulidText } from "@/lib/db/ulid-bounds";

export type SavedViewPage = (typeof SAVED_VIEW_PAGES)[number];

/** Who may see a page may keep views of it. */
export const PAGE_PERMISSIONS: Readonly<Record<SavedViewPage, Permission>> = {
  statements: "statements:view",
  audit: "audit:view",
  sessions: "sessions:view",
};

const name = z.string().trim().min(1, "needs a name").max(64, "at most 64 characters");

export const savedViewPage = z.enum(SAVED_VIEW_PAGES);
export const newSavedView = z.strictObject({
  page: savedViewPage,
  name,
  /** The address behind the question mark. */
  query: z.string().max(2000, "these filters are too long to be kept"),
  /** Everybody sees it; for administrators. */
  shared: z.boolean().default(false),
});
export const savedViewChange = z.strictObject({ id: ulidText, name: name.optional(), shared: z.boolean().optional() });
export const savedViewId = z.strictObject({ id: ulidText });
