import { language } from '../../words/language';
import { times } from '../../words/account';

const kUnits = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** "3 days ago", in the language of the moment. Times in milliseconds since 1970. */
export function ago(time: number, now: number): string {
  const seconds = Math.max(0, (now - time) / 1000);
  const found = kUnits.find(([, length]) => seconds >= length);
  if (!found) return times.justNow;
  const [unit, length] = found;
  return new Intl.RelativeTimeFormat(language.get(), { numeric: 'auto' }).format(-Math.floor(seconds / length), unit);
}

/** "30 March 2027". */
export function day(time: number): string {
  return new Intl.DateTimeFormat(language.get(), { dateStyle: 'long' }).format(time);
}
