import { FilterBar, SearchFilter, SelectFilter } from "@/components/ui/filter-bar";

const STATUSES = [
  { value: "active", label: "Active" },
  { value: "suspended", label: "Suspended" },
];

/** What narrows the list of identities, beside the tabs by kind. */
export function IdentityFilters() {
  return (
    <FilterBar params={["q", "status"]}>
      <SearchFilter label="Search name, e-mail, client id" />
      <SelectFilter param="status" label="Status" options={STATUSES} />
    </FilterBar>
  );
}
