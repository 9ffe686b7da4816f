import type { FileTransfer } from '@parley/client';

/** How long the browser is given to take the bytes, in milliseconds. */
const kTaken = 60_000;

/** Saves a received file to the computer's own folder: it is never opened in the page. */
export function saveFile({ blob, name }: Pick<FileTransfer, 'blob' | 'name'>): void {
  if (!blob) return;
  // As plain bytes: a blob: address is of our origin, and an HTML file would run in it.
  const address = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), kTaken);
}
