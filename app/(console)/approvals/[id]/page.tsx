import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SheetPage } from "@/components/approvals/sheet-page";
import { Crumb } from "@/components/shell/shell-context";
import { reviewSheet } from "@/lib/approvals/review-sheet";
import { requirePermission } from "@/lib/auth/require";

export const metadata: Metadata = { title: "Approval" };

export default async function ApprovalPage({ params }: { readonly params: Promise<{ id: string }> }) {
  const ctx = await requirePermission("approvals:view");
  const { id } = await params;
  const sheet = await reviewSheet(ctx, id);
  if (sheet === null) notFound();
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-4">
      <Crumb text={`${sheet.identity.name ?? "request"} on ${sheet.approval.connectionName}`} />
      <SheetPage key={id} first={sheet} />
    </div>
  );
}
