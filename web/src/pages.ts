import type { ComponentType } from 'react';
import type { Session } from './state/session';

/** The pages of the app, each in a file of its own that is fetched when it is needed. */
const kPages = {
  home: () => import('./pages/Home'),
  lobby: () => import('./pages/Lobby'),
  meeting: () => import('./pages/Meeting'),
  left: () => import('./pages/Left'),
  inspector: () => import('./pages/Inspector'),
  doctor: () => import('./pages/Doctor'),
  account: () => import('./pages/Account'),
  lost: () => import('./pages/Lost'),
} as const;

export type PageName = keyof typeof kPages;

/** Which page a session shows. */
export function pageOf({ route, room, ended, atDoor }: Session): PageName {
  if (route.page !== 'room') return route.page;
  if (!room) return 'lobby';
  if (ended) return 'left';
  return atDoor ? 'lobby' : 'meeting';
}

/** Where people go next: fetched ahead, so that the step is immediate. */
const kNext: Record<PageName, PageName | undefined> = {
  home: 'lobby',
  lobby: 'meeting',
  meeting: 'left',
  left: 'meeting',
  inspector: undefined,
  doctor: undefined,
  account: 'lobby',
  lost: 'lobby',
};

const loaded = new Map<PageName, ComponentType>();

export async function loadPage(name: PageName): Promise<void> {
  const { default: page } = await kPages[name]();
  loaded.set(name, page);
}

/** Fetches the page that is likely to come next. */
export async function loadNextPage(now: PageName): Promise<void> {
  const next = kNext[now];
  if (next) await loadPage(next).catch(() => undefined); // It will be tried again when it is needed.
}

/**
 * The page, if it is there. React's `lazy` is not used: it keeps a page that has just arrived back
 * for 300 ms lest something flicker, and a join is over in less.
 */
export function loadedPage(name: PageName): ComponentType | undefined {
  return loaded.get(name);
}
