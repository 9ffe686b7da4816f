import { Store } from './store';

/** A short message that goes away by itself. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'info' | 'warning';
}

/** How long one stays, in milliseconds. */
export const kToastTime = 4000;
/** More at once would cover the meeting. */
const kMaxToasts = 3;

export const toasts = new Store<readonly Toast[]>([]);
let lastId = 0;

export function toast(text: string, tone: Toast['tone'] = 'info'): void {
  const id = ++lastId;
  toasts.update((shown) => [...shown.filter((other) => other.text !== text), { id, text, tone }].slice(-kMaxToasts));
  setTimeout(() => toasts.update((shown) => shown.filter((other) => other.id !== id)), kToastTime);
}
