import { fitText } from './fit_text';

/** The one or two letters that stand for someone without a picture. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0] ?? '?';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last]
    .map((word) => (word === undefined ? '' : (firstGrapheme(word) ?? '')))
    .join('')
    .toUpperCase();
}

function firstGrapheme(word: string): string | undefined {
  if (typeof Intl.Segmenter === 'undefined') return Array.from(word)[0];
  for (const { segment } of new Intl.Segmenter().segment(word)) return segment;
  return undefined;
}

/** The server takes names of 64 bytes of UTF-8 (docs/protocol.md, `join`). */
const kMaxNameBytes = 64;

/** Cuts a name to what the server takes, between two letters. */
export function fitName(name: string): string {
  return fitText(name, kMaxNameBytes);
}

/** How many colours base.css has for avatars (`--avatar-0` …). */
export const kAvatarColours = 8;

/** A colour that stays with a name (FNV-1a). */
export function avatarColour(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash % kAvatarColours;
}
