import { Store } from './store';

/** Something that a toast offers to do. */
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
  readonly testId?: string;
}

/** A short message. */
export interface Toast {
  readonly id: number;
  /** A later toast with the same key takes its place. */
  readonly key: string;
  readonly text: string;
  readonly tone: ToastTone;
  readonly actions: readonly ToastAction[];
}

/** `call` asks for an answer, and stands out. */
export type ToastTone = 'info' | 'warning' | 'call';

export interface ToastOptions {
  readonly tone?: ToastTone;
  readonly key?: string;
  readonly actions?: readonly ToastAction[];
  /** How long it stays, in milliseconds; `Infinity`: until it is answered or dismissed. */
  readonly stays?: number;
}

/** How long one stays, in milliseconds: longer where it offers something. */
export const kToastTime = 4000;
export const kActionTime = 10_000;
/** More at once would cover the meeting. */
const kMaxToasts = 3;

export const toasts = new Store<readonly Toast[]>([]);
let lastId = 0;

export function toast(text: string, options: ToastOptions | 'info' | 'warning' = {}): void {
  const {
    tone = 'info',
    key = text,
    actions = [],
    ...rest
  } = typeof options === 'string' ? { tone: options } : options;
  const stays = 'stays' in rest && rest.stays ? rest.stays : actions.length > 0 ? kActionTime : kToastTime;
  const id = ++lastId;
  toasts.update((shown) => keepFew([...shown.filter((other) => other.key !== key), { id, key, text, tone, actions }]));
  if (stays !== Infinity) setTimeout(() => drop(id), stays);
}

/** Takes a toast away: what it said is no longer so. */
export function dismissToast(key: string): void {
  if (toasts.get().some((other) => other.key === key))
    toasts.update((shown) => shown.filter((other) => other.key !== key));
}

function drop(id: number): void {
  toasts.update((shown) => shown.filter((other) => other.id !== id));
}

// What waits for an answer is the last to go.
function keepFew(all: readonly Toast[]): readonly Toast[] {
  if (all.length <= kMaxToasts) return all;
  const surplus = all.find(({ tone }) => tone !== 'call') ?? all[0];
  return keepFew(all.filter((other) => other !== surplus));
}
