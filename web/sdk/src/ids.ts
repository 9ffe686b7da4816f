/** 120 random bits as 20 of `A-Z a-z 0-9 _ -`. `crypto.randomUUID` is not there on pages without HTTPS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  return [...bytes].map((byte) => kDigits[byte & 63]).join('');
}

const kDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
