import { isRoomName } from './route';

const kLetters = 'abcdefghijkmnopqrstuvwxyz'; // No l: it is read as 1 or I.

/** A code that is easy to say and hard to guess: `abc-defg-hij`, 25^10 of them. */
export function makeRoomCode(random: (bytes: Uint8Array) => Uint8Array = fill): string {
  const letters: string[] = [];
  while (letters.length < 10) {
    for (const byte of random(new Uint8Array(16))) {
      // Rejects the tail, so that each letter is as likely as any other.
      if (byte < 250 && letters.length < 10) letters.push(kLetters.charAt(byte % kLetters.length));
    }
  }
  const code = letters.join('');
  return `${code.slice(0, 3)}-${code.slice(3, 7)}-${code.slice(7)}`;
}

// getRandomValues works on insecure pages too, unlike most of `crypto`.
function fill(bytes: Uint8Array): Uint8Array {
  crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
  return bytes;
}

/** Reads what a person typed or pasted: a code, or a whole link. Undefined if it is neither. */
export function readRoomCode(typed: string): string | undefined {
  const text = typed.trim();
  const fromLink = /\/room\/([^/?#\s]+)/.exec(text)?.[1];
  const code = (fromLink ?? text).toLowerCase().replace(/\s+/g, '-');
  return isRoomName(code) ? code : undefined;
}
