import Link from "next/link";
import type { TrafficMinute } from "@/lib/overview/traffic";

const WIDTH = 600;
const HEIGHT = 96;
const GAP = 2;

/** Statements per minute as bars: denied ones stand at the bottom in red, above them those that wait for a person. A bar leads to the statements of its minute. */
export function MinuteChart({ minutes }: { readonly minutes: readonly TrafficMinute[] }) {
  const top = Math.max(1, ...minutes.map((minute) => minute.total));
  const step = WIDTH / minutes.length;
  const scale = (value: number) => (value / top) * (HEIGHT - 2);
  const busiest = minutes.reduce((best, minute) => (minute.total > best.total ? minute : best), minutes[0] ?? EMPTY);
  return (
    <figure className="flex flex-col gap-1">
      <p className="sr-only">Statements per minute over the last hour; at most {busiest.total} in one minute.</p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="h-24 w-full" aria-hidden="true">
        <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="stroke-line" />
        {minutes.map((minute, i) => (
          <g key={minute.start.getTime()}>
            <rect
              x={i * step}
              y={HEIGHT - Math.max(scale(minute.total), minute.total > 0 ? 2 : 0)}
              width={step - GAP}
              height={Math.max(scale(minute.total), minute.total > 0 ? 2 : 0)}
              className="fill-accent"
            />
            <Share minute={minute} x={i * step} width={step - GAP} scale={scale} />
            <Link href={minuteHref(minute)} tabIndex={-1} prefetch={false}>
              <title>{`${minute.start.toISOString().slice(11, 16)} UTC: ${minute.total} statements, ${minute.denied} denied, ${minute.reviewed} to review, ${minute.errors} with an error`}</title>
              <rect x={i * step} y="0" width={step} height={HEIGHT} className="fill-transparent hover:fill-fg/10" />
            </Link>
          </g>
        ))}
      </svg>
      <figcaption className="flex flex-wrap justify-between gap-x-3 text-faint text-xs">
        <span className="whitespace-nowrap">−60 min</span>
        <span className="flex items-center gap-3">
          <Legend className="bg-accent" text="statements" />
          <Legend className="bg-warn" text="to review" />
          <Legend className="bg-danger" text="denied" />
          <span>peak {busiest.total}/min</span>
        </span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}

/** The part of a bar that did not just run. */
function Share({
  minute,
  x,
  width,
  scale,
}: {
  readonly minute: TrafficMinute;
  readonly x: number;
  readonly width: number;
  readonly scale: (value: number) => number;
}) {
  const heightOf = (count: number) => Math.max(scale(count), count > 0 ? 2 : 0);
  const denied = heightOf(minute.denied);
  const reviewed = heightOf(minute.reviewed);
  return (
    <>
      <rect x={x} y={HEIGHT - denied} width={width} height={denied} className="fill-danger" />
      <rect x={x} y={HEIGHT - denied - reviewed} width={width} height={reviewed} className="fill-warn" />
    </>
  );
}

const EMPTY: TrafficMinute = { start: new Date(0), total: 0, errors: 0, denied: 0, reviewed: 0 };

function minuteHref({ start }: TrafficMinute): string {
  const end = new Date(start.getTime() + 60_000);
  return `/statements?from=${start.toISOString()}&to=${end.toISOString()}`;
}

function Legend({ className, text }: { readonly className: string; readonly text: string }) {
  return (
    <span className="flex items-center gap-1">
      <span aria-hidden className={`size-2 rounded-xs ${className}`} />
      {text}
    </span>
  );
}
