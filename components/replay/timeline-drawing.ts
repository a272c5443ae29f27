import type { Drawing, Tick } from "@/lib/recordings/timeline/bins";
import { TICK_KINDS, type TickKind } from "@/lib/recordings/timeline/marks";

export const LANE_PX = 20;
export const TIMELINE_PX = LANE_PX * TICK_KINDS.length;

const NAMES = ["line", "muted", "faint", "danger", "warn", "warn-soft", "info", "accent-text", "hover"] as const;
type Colours = Readonly<Record<(typeof NAMES)[number], string>>;

/** The theme's colours as they are now. */
function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const pairs = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`)]);
  // The entries are made from NAMES, which fromEntries does not remember.
  return Object.fromEntries(pairs) as Colours;
}

/** Draws the ticks: a row for each kind, a shape for each outcome. Busy pixels have taller ticks. */
export function drawTimeline(canvas: HTMLCanvasElement, drawing: Drawing, width: number): void {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(TIMELINE_PX * ratio);
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  const colours = coloursOf(canvas);
  pen.scale(ratio, ratio);
  pen.clearRect(0, 0, width, TIMELINE_PX);
  pen.fillStyle = colours.line;
  for (let lane = 1; lane < TICK_KINDS.length; lane += 1) pen.fillRect(0, lane * LANE_PX, width, 0.5);
  for (const gap of drawing.gaps) drawGap(pen, colours, gap.fromX, gap.toX);
  for (const hold of drawing.holds) {
    const long = Math.max(hold.toX - hold.fromX, 3);
    pen.fillStyle = colours["warn-soft"];
    pen.fillRect(hold.fromX, topOf(hold.kind) + 6, long, LANE_PX - 12);
    pen.strokeStyle = colours.warn;
    pen.lineWidth = 1;
    pen.strokeRect(hold.fromX + 0.5, topOf(hold.kind) + 6.5, long - 1, LANE_PX - 13);
  }
  for (const tick of drawing.ticks) drawTick(pen, colours, tick);
}

function topOf(kind: TickKind): number {
  return TICK_KINDS.indexOf(kind) * LANE_PX;
}

function drawGap(pen: CanvasRenderingContext2D, colours: Colours, fromX: number, toX: number): void {
  pen.fillStyle = colours.hover;
  pen.fillRect(fromX, 0, Math.max(toX - fromX, 2), TIMELINE_PX);
  pen.strokeStyle = colours.faint;
  pen.lineWidth = 1;
  pen.beginPath();
  const middle = (fromX + toX) / 2;
  for (const off of [-2, 2]) {
    pen.moveTo(middle + off - 2, TIMELINE_PX / 2 + 6);
    pen.lineTo(middle + off + 2, TIMELINE_PX / 2 - 6);
  }
  pen.stroke();
}

function drawTick(pen: CanvasRenderingContext2D, colours: Colours, tick: Tick): void {
  const top = topOf(tick.kind);
  const x = tick.x + 0.5;
  const middle = top + LANE_PX / 2;
  pen.lineWidth = 1.5;
  switch (tick.outcome) {
    case "ok":
    case "held": {
      const high = Math.min(6 + Math.log2(tick.count) * 2, LANE_PX - 4);
      pen.fillStyle = tick.outcome === "ok" ? colours.muted : colours.warn;
      pen.fillRect(tick.x, middle - high / 2, tick.outcome === "ok" ? 1.5 : 3, high);
      break;
    }
    case "open":
      pen.strokeStyle = colours.info;
      pen.strokeRect(tick.x - 2.5, middle - 3, 6, 6);
      break;
    case "error":
      pen.fillStyle = colours.danger;
      pen.beginPath();
      pen.moveTo(x, middle - 5);
      pen.lineTo(x + 5, middle + 4);
      pen.lineTo(x - 5, middle + 4);
      pen.fill();
      break;
    case "denied":
      pen.strokeStyle = colours.danger;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.moveTo(x - 4, middle - 4);
      pen.lineTo(x + 4, middle + 4);
      pen.moveTo(x + 4, middle - 4);
      pen.lineTo(x - 4, middle + 4);
      pen.stroke();
      break;
    default:
      tick.outcome satisfies never;
  }
  if (tick.masked) {
    pen.strokeStyle = colours["accent-text"];
    pen.lineWidth = 1;
    pen.beginPath();
    pen.arc(x, top + LANE_PX - 3.5, 2, 0, 7);
    pen.stroke();
  }
}
