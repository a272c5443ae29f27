import { CircleAlert, Inbox, Lock, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { CopyId } from "./copy-button";

const ICONS = { "first-use": Inbox, "no-result": SearchX, "no-permission": Lock, error: CircleAlert } as const;

export interface EmptyStateProps {
  /** first-use: what this is and one button; no-result: clear the filters; no-permission: whom to ask; error: try again. */
  readonly kind: keyof typeof ICONS;
  readonly title: string;
  readonly children?: ReactNode;
  /** The one button. */
  readonly action?: ReactNode;
  /** Only for errors: what to quote to the operator. */
  readonly requestId?: string | undefined;
}

/** What stands where a list or page has nothing to show. */
export function EmptyState({ kind, title, children, action, requestId }: EmptyStateProps) {
  const Icon = ICONS[kind];
  return (
    <div
      role={kind === "error" ? "alert" : undefined}
      className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-12 text-center"
    >
      <Icon aria-hidden className={kind === "error" ? "size-6 text-danger" : "size-6 text-faint"} />
      <p className="font-semibold text-base">{title}</p>
      {children ? <div className="text-muted text-sm">{children}</div> : null}
      {action ? <div className="mt-2">{action}</div> : null}
      {requestId ? (
        <p className="mt-2 text-faint text-xs">
          Request id <CopyId value={requestId} />
        </p>
      ) : null}
    </div>
  );
}
