import type { TodoItem } from '@parley/client';

/** The list as it is drawn: what is to be done, and below it what is done. */
export interface TodoView {
  readonly open: readonly TodoItem[];
  readonly done: readonly TodoItem[];
}

export function todoView(items: readonly TodoItem[]): TodoView {
  return { open: items.filter(({ done }) => !done), done: items.filter(({ done }) => done) };
}

/**
 * The item to stand behind, for one that goes to `place` among `shown` (itself among them); null: before
 * all. Undefined where it stays where it is.
 */
export function behindAt(shown: readonly TodoItem[], id: string, place: number): string | null | undefined {
  const from = shown.findIndex((item) => item.id === id);
  const to = Math.min(Math.max(place, 0), shown.length - 1);
  if (from < 0 || from === to) return undefined;
  const others = shown.filter((item) => item.id !== id);
  return others[to - 1]?.id ?? null;
}

/** The place that a height of the pointer means, among rows with these middles. */
export function placeAt(y: number, middles: readonly number[]): number {
  return middles.filter((middle) => middle < y).length;
}

/** Names to choose from: who is here, and whoever it belongs to already. */
export function assignable(names: readonly string[], assignee: string | null): string[] {
  return [...new Set([...names, ...(assignee === null ? [] : [assignee])])];
}
