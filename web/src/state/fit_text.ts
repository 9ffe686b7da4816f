/** How many bytes of UTF-8 a text is longer than `most`; 0 if it fits. */
export function bytesOver(text: string, most: number): number {
  return Math.max(0, new TextEncoder().encode(text).length - most);
}

/** Cuts a text to so many bytes of UTF-8, between two letters. */
export function fitText(text: string, most: number): string {
  if (bytesOver(text, most) === 0) return text;
  const letters = Array.from(text).slice(0, most);
  while (bytesOver(letters.join(''), most) > 0) letters.pop();
  return letters.join('');
}
