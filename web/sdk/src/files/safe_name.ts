/** The longest name, in characters; file systems stop at 255 bytes. */
const kMaxLength = 120;
/** Names that Windows keeps for devices. */
const kReserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A file's name that may be shown and saved anywhere: no folders, no control characters, nothing that
 * turns its reading order around to hide what kind of file it is.
 */
export function safeName(name: string): string {
  const clean = name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .split(/[/\\]/)
    .at(-1)
    ?.replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const safe = clean && kReserved.test(clean) ? `_${clean}` : clean;
  return safe ? shortened(safe) : 'file';
}

// The ending stays: it says what opens it.
function shortened(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= kMaxLength) return name;
  const ending = /\.[^.]{1,16}$/u.exec(name)?.[0] ?? '';
  return characters.slice(0, kMaxLength - ending.length).join('') + ending;
}
