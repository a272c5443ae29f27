import { TabLinks } from "@/components/ui/tabs";

/** Between what waits and what was decided. */
export function ApprovalTabs({ active }: { readonly active: "pending" | "history" }) {
  return (
    <TabLinks
      label="Approvals"
      items={[
        { href: "/approvals", label: "Pending", active: active === "pending" },
        { href: "/approvals/history", label: "History", active: active === "history" },
      ]}
    />
  );
}
