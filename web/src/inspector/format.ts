import { language } from '../words/language';

/** Times, rates and shares as people read them, in the language of the moment: `1.25 s`, in German `1,25 s`. */

const formats = new Map<string, Intl.NumberFormat>();

/** A number with so many digits behind the point. */
export function decimal(value: number, digits: number): string {
  const key = `${language.get()}/${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language.get(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format.format(value);
}

/** `4 ms`, `1.25 s`, `2 min 3 s`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${decimal(ms / 1000, ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A point in time on the ladder: milliseconds to begin with, then `m:ss`. */
export function moment(ms: number): string {
  if (ms < 60_000) return duration(ms);
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const kUnits = ['', 'k', 'M', 'G'] as const;

/** `1.25 Mbit/s`, `430 kB`. */
export function scaled(value: number, unit: string): string {
  let rank = 0;
  let rest = Math.abs(value);
  while (rest >= 1000 && rank < kUnits.length - 1) {
    rest /= 1000;
    rank += 1;
  }
  const digits = rest >= 100 || rank === 0 ? 0 : rest >= 10 ? 1 : 2;
  return `${decimal(value < 0 ? -rest : rest, digits)} ${kUnits[rank] ?? ''}${unit}`;
}

/** A value with its unit: `bit/s` is scaled, the others stand as they are. */
export function quantity(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (unit === 'bit/s') return scaled(value, unit);
  if (unit === 'ms') return duration(value);
  return `${decimal(value, value >= 10 || Number.isInteger(value) ? 0 : 1)} ${unit}`;
}
