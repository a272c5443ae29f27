import Link from "next/link";
import { CenteredPage } from "@/components/sign-in/centered-page";
import { buttonStyles } from "@/components/ui/button";

export default function NotFound() {
  return (
    <CenteredPage>
      <h1 className="font-semibold text-lg">Not found</h1>
      <p className="text-muted">There is nothing at this address.</p>
      <Link href="/" className={buttonStyles({ className: "self-start" })}>
        To the console
      </Link>
    </CenteredPage>
  );
}
