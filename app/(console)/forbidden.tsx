import Link from "next/link";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** What a signed-in person sees of a page their role may not use (status 403). */
export default function Forbidden() {
  return (
    <>
      <h1 className="sr-only">No permission</h1>
      <EmptyState
        kind="no-permission"
        title="Your role does not allow this page"
        action={
          <Link href="/" className={buttonStyles({})}>
            To the overview
          </Link>
        }
      >
        Ask an administrator of your identity provider for a group that gives the role you need.
      </EmptyState>
    </>
  );
}
