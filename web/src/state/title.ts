import type { PageName } from '../pages';
import { titles } from '../words/common';
import type { Session } from './session';

/** What the tab is called. */
export function titleOf(page: PageName, { route }: Pick<Session, 'route'>): string {
  if (page !== 'lobby' && page !== 'meeting' && page !== 'left') return titles[page];
  return titles[page](route.page === 'room' ? route.room : '');
}
