/**
 * Keys that order items byte by byte, with room for another between any two of them (a fraction
 * written in base 62). So moving an item changes that item alone.
 */
const kDigits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const kLast = kDigits.length - 1;
/** The longest key the server takes. */
export const kMaxKeyLength = 64;

type Random = () => number;

/**
 * A key between two others; undefined is the beginning or the end. Two people who choose the same
 * place at the same time get different keys, by two digits of chance. Requires `before < after`.
 */
export function keyBetween(before?: string, after?: string, random: Random = Math.random): string {
  return keyHead(before, after) + jitter(random);
}

/** As many keys in order, evenly far apart: for a list whose keys have grown too long. */
export function evenKeys(count: number, random: Random = Math.random): string[] {
  const step = kDigits.length ** 3 / (count + 1);
  return Array.from({ length: count }, (_, index) => {
    const value = Math.floor((index + 1) * step);
    const head = [value / kDigits.length ** 2, value / kDigits.length, value].map((part) => digit(Math.floor(part)));
    return head.join('') + jitter(random);
  });
}

// No digits follow that could make it greater than `after`: it differs from it at an earlier place.
function keyHead(before: string | undefined, after: string | undefined): string {
  if (after === undefined) return before ? increment(before) : digit(Math.floor(kLast / 2));
  let head = '';
  for (let index = 0; ; ++index) {
    const low = valueAt(before ?? '', index);
    const high = valueAt(after, index);
    if (high - low > 1) return head + digit(Math.floor((low + high) / 2));
    head += digit(low);
    if (high > low) return head + increment((before ?? '').slice(index + 1));
  }
}

// The next greater key that is short: the first digit that can grow does.
function increment(key: string): string {
  let head = '';
  for (let index = 0; ; ++index) {
    const value = valueAt(key, index);
    if (value < kLast) return head + digit(value + 1);
    head += digit(kLast);
  }
}

function valueAt(key: string, index: number): number {
  return Math.max(0, kDigits.indexOf(key[index] ?? '0'));
}

function digit(value: number): string {
  return kDigits[value % kDigits.length] ?? '0';
}

// Never ends in 0, so that there is always room before it.
function jitter(random: Random): string {
  return digit(Math.floor(random() * kDigits.length)) + digit(1 + Math.floor(random() * kLast));
}
