const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Bytes for people: "0 B", "900 B", "1.5 KiB", "12 MiB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const number = unit === 0 || value >= 10 ? Math.round(value) : Number(value.toFixed(1));
  return `${number} ${UNITS[unit]}`;
}

const COUNTS = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A whole number with separators: "12,345". */
export function formatCount(count: number): string {
  return COUNTS.format(count);
}

/** A share in percent that does not hide what is there: neither 0 for something nor 100 for not quite all. "99.4 %", "0.54 %", "< 0.1 %". */
export function formatShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0 %";
  const percent = (part / whole) * 100;
  if (percent < 0.1) return "< 0.1 %";
  if (part < whole && percent > 99.9) return "> 99.9 %";
  return `${Number(percent.toFixed(percent < 10 ? 2 : 1))} %`;
}
