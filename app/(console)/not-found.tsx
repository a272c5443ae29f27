import Link from "next/link";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export default function NotFound() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        kind="no-result"
        title="There is nothing at this address"
        action={
          <Link href="/" className={buttonStyles({})}>
            To the overview
          </Link>
        }
      >
        It may have been deleted, or the link is incomplete.
      </EmptyState>
    </>
  );
}
