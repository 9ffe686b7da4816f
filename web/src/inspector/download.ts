import type { CallLogFile } from '@parley/client';

/** `parley-daily-2026-11-28T20-15.json` */
export function fileNameOf({ room, startedAt }: Pick<CallLogFile, 'room' | 'startedAt'>): string {
  const date = new Date(startedAt);
  const time = Number.isNaN(date.getTime()) ? '' : `-${date.toISOString().slice(0, 16).replace(':', '-')}`;
  return `parley-${room.replace(/[^\w.-]/g, '') || 'call'}${time}.json`;
}

/** Has the browser save a text as a file. */
export function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000); // Once the browser has read it.
}
