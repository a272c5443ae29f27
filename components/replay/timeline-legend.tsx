import type { ReactNode } from "react";

/** What the shapes of the timeline mean. */
export function TimelineLegend() {
  return (
    <ul aria-label="Legend" className="ml-auto hidden flex-wrap items-center gap-x-3 text-muted text-xs lg:flex">
      <Sign label="ok">
        <path d="M6 2v8" className="stroke-[1.5] stroke-current" />
      </Sign>
      <Sign label="error">
        <path d="M6 1.5 10.5 10h-9z" className="fill-danger" />
      </Sign>
      <Sign label="denied">
        <path d="m2 2 8 8m0-8-8 8" className="stroke-2 stroke-danger" />
      </Sign>
      <Sign label="held">
        <path d="M0 6h12" className="stroke-[5] stroke-warn" />
      </Sign>
      <Sign label="masked">
        <circle cx="6" cy="6" r="3" className="fill-none stroke-[1.5] stroke-accent-text" />
      </Sign>
      <Sign label="idle, folded">
        <path d="m2 10 3-8m2 8 3-8" className="stroke-faint" />
      </Sign>
    </ul>
  );
}

function Sign({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <li className="flex items-center gap-1">
      <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3 fill-none">
        {children}
      </svg>
      {label}
    </li>
  );
}
