import { visibleText } from "@/lib/sql/visible-text";
import { cn } from "./cn";
import { CopyButton } from "./copy-button";
import { type SqlTokenKind, sqlTokens } from "./sql-tokens";

const COLOURS: Record<SqlTokenKind, string> = {
  keyword: "text-accent-text font-medium",
  string: "text-ok",
  number: "text-warn",
  comment: "text-faint italic",
  identifier: "text-info",
  plain: "",
};

/** SQL in colour, on one line of text flow, hidden characters spelt out; for table cells put it in a truncating element. */
export function SqlText({ sql }: { readonly sql: string }) {
  let offset = 0;
  return sqlTokens(visibleText(sql)).map((token) => {
    const key = offset;
    offset += token.text.length;
    return token.kind === "plain" ? (
      token.text
    ) : (
      <span key={key} className={COLOURS[token.kind]}>
        {token.text}
      </span>
    );
  });
}

/** Code as it is, with a button that copies it. */
export function CodeBlock({
  code,
  language = "text",
  label = "Code",
  wrap = false,
  className,
}: {
  readonly code: string;
  readonly language?: "sql" | "text";
  readonly label?: string;
  readonly wrap?: boolean;
  readonly className?: string;
}) {
  return (
    <div className={cn("relative min-w-0 rounded-md border bg-bg", className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe: scrollable-region-focusable) */}
      <section aria-label={label} tabIndex={0} className="max-h-96 overflow-auto">
        <pre
          className={cn(
            "p-3 pr-11 font-mono text-xs leading-5",
            wrap ? "whitespace-pre-wrap break-words" : "whitespace-pre",
          )}
        >
          {language === "sql" ? <SqlText sql={code} /> : code}
        </pre>
      </section>
      <CopyButton value={code} label={`Copy ${label.toLowerCase()}`} className="absolute top-1 right-1 bg-bg" />
    </div>
  );
}
