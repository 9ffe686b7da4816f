import type { PageName } from '../pages';
import { titles } from '../words/common';
import type { Session } from './session';

/** What the tab is called. */
export function titleOf(page: PageName, { route }: Pick<Session, 'route'>): string {
  if (page === 'inspector') return titles.inspector;
  return page === 'home' || route.page !== 'room' ? titles.home : titles[page](route.room);
}
