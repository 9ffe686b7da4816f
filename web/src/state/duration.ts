const kMinute = 60;
const kHour = 60 * kMinute;

/** A span of time as a clock shows it: `0:07`, `12:34`, `1:02:03`. Takes milliseconds. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / kHour);
  const minutes = Math.floor((seconds % kHour) / kMinute);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % kMinute)}` : `${minutes}:${two(seconds % kMinute)}`;
}
