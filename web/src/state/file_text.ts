import type { FileTransfer } from '@parley/client';
import { files as words } from '../words/chat';
import { language } from '../words/language';

const kUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A size as people write it: `12 kB`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), kUnits.length - 1);
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(language.get(), {
    style: 'unit',
    unit: kUnits[power] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}

/** How a transfer stands, in words. */
export function transferText({ state, direction, peerName, reason }: FileTransfer): string {
  switch (state) {
    case 'offered':
      return direction === 'in' ? words.offers(peerName) : words.offered(peerName);
    case 'active':
      return direction === 'in' ? words.fromName(peerName) : words.toName(peerName);
    case 'done':
      return `${words.done} · ${direction === 'in' ? words.fromName(peerName) : words.toName(peerName)}`;
    case 'failed':
      return reason === 'too-large' ? words.tooLarge : words[reason ?? 'timeout'];
    default:
      return words[state];
  }
}
