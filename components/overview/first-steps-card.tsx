import { CircleCheck, CircleDashed } from "lucide-react";
import Link from "next/link";
import { Card } from "@/components/ui/card";
import type { FirstSteps } from "@/lib/overview/first-steps";

const STEPS = [
  { key: "connection", text: "Add a connection to a database", href: "/connections" },
  { key: "policy", text: "Say who may use it, and how", href: "/policies" },
  { key: "agent", text: "Connect an agent", href: "/connect" },
  { key: "statement", text: "See its first statement", href: "/statements" },
] as const satisfies readonly { key: keyof FirstSteps; text: string; href: string }[];

/** The way from nothing to the first statement; gone when all is done. */
export function FirstStepsCard({ steps }: { readonly steps: FirstSteps }) {
  if (STEPS.every(({ key }) => steps[key])) return null;
  const next = STEPS.find(({ key }) => !steps[key]);
  return (
    <Card title="First steps" description="Each ticks itself as soon as it is done.">
      <ol className="grid gap-2 sm:grid-cols-2 lg:grid-cols-4">
        {STEPS.map((step) => {
          const done = steps[step.key];
          return (
            <li key={step.key} className="flex min-h-6 items-center gap-2">
              {done ? (
                <CircleCheck aria-label="Done" className="size-4 shrink-0 text-ok" />
              ) : (
                <CircleDashed aria-label="To do" className="size-4 shrink-0 text-faint" />
              )}
              {step === next ? (
                <Link href={step.href} className="font-medium text-accent-text underline underline-offset-4">
                  {step.text}
                </Link>
              ) : (
                <span className={done ? "text-muted" : undefined}>{step.text}</span>
              )}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
