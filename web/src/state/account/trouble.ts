/** Why a form was not taken; the words for it are in words/trouble.ts. */
export type Trouble =
  | { readonly kind: TroubleKind }
  /** Too many attempts: not before this time, in milliseconds as `Date.now()` counts. */
  | { readonly kind: 'wait'; readonly until: number }
  /** What we have no words for: the server's own. */
  | { readonly kind: 'said'; readonly text: string };

export type TroubleKind =
  | 'missing'
  | 'name-length'
  | 'name-letters'
  | 'room-letters'
  | 'password-short'
  | 'password-long'
  | 'password-differs'
  | 'too-long'
  | 'taken'
  | 'wrong-login'
  | 'wrong-password'
  | 'no-such-user'
  | 'is-owner'
  | 'closed'
  | 'logged-out'
  | 'gone'
  | 'forbidden'
  | 'offline'
  | 'unavailable';

const trouble = (kind: TroubleKind): Trouble => ({ kind });

/** The rules of docs/api.md, told before anything is sent. */
export function nameTrouble(name: string): Trouble | undefined {
  if (name === '') return trouble('missing');
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) return trouble('name-letters');
  return name.length < 3 || name.length > 32 ? trouble('name-length') : undefined;
}

export function passwordTrouble(password: string): Trouble | undefined {
  if (password === '') return trouble('missing');
  const bytes = byteLength(password);
  if (bytes < 8) return trouble('password-short');
  return bytes > 72 ? trouble('password-long') : undefined; // What bcrypt reads.
}

export function displayNameTrouble(name: string): Trouble | undefined {
  if (name.trim() === '') return trouble('missing');
  return byteLength(name.trim()) > 64 ? trouble('too-long') : undefined;
}

export function missingTrouble(value: string): Trouble | undefined {
  return value === '' ? trouble('missing') : undefined;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
