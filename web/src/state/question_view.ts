import type { Question, QuestionState, Room } from '@parley/client';
import { Store } from './store';

/** Which questions are shown. */
export type QuestionFilter = QuestionState;

/** What was chosen last. It outlives the panel. */
export const questionFilter = new Store<QuestionFilter>('open');
/** What is being written; as the chat's draft, it outlives the panel. */
export const questionDraft = new Store('');

/** Whether the panel is offered: in a lecture, and wherever somebody has asked something. */
export function hasQuestions({ settings, questions }: Pick<Room, 'settings' | 'questions'>): boolean {
  return settings.lecture || questions.all.length > 0;
}

/** What there is to choose from: what waits and what is dismissed is told to hosts. */
export function filtersFor(isHost: boolean): readonly QuestionFilter[] {
  return isHost ? ['open', 'waiting', 'answered', 'dismissed'] : ['open', 'answered'];
}

/** Names a row as long as it is there, before the server has it and after. */
export function rowKey({ sid, key }: Pick<Question, 'sid' | 'key'>): string {
  return `${sid}/${key}`;
}

/**
 * Where a question stands. Others than hosts see their own that wait among the open ones, and those put aside among the
 * answered ones.
 */
export function placeOf({ state }: Pick<Question, 'state'>, isHost: boolean): QuestionFilter {
  if (isHost) return state;
  return state === 'waiting' || state === 'open' ? 'open' : 'answered';
}

/** How many there are behind each filter. */
export function countsOf(all: readonly Question[], isHost: boolean): Readonly<Record<QuestionFilter, number>> {
  const counts = { waiting: 0, open: 0, answered: 0, dismissed: 0 };
  for (const question of all) counts[placeOf(question, isHost)] += 1;
  return counts;
}

/**
 * Those behind a filter, by votes, then by time. What waits stands in the order of coming; one's own that are not open
 * yet stand above all.
 */
export function shownQuestions(all: readonly Question[], filter: QuestionFilter, isHost: boolean): readonly Question[] {
  const shown = all.filter((question) => placeOf(question, isHost) === filter);
  if (filter === 'waiting') return shown.sort((a, b) => a.at - b.at);
  const isFirst = ({ own, state, delivery }: Question) => own && (state === 'waiting' || delivery !== 'sent');
  return shown.sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)) || b.votes - a.votes || a.at - b.at);
}

/** The rows in the order in which they stood `before`, so that none moves away under the pointer; new ones come last. */
export function holdOrder(rows: readonly Question[], before: readonly string[]): readonly Question[] {
  const places = new Map(before.map((key, index) => [key, index]));
  const placeIn = (question: Question) => places.get(rowKey(question)) ?? Infinity;
  return rows.toSorted((a, b) => {
    const [one, other] = [placeIn(a), placeIn(b)];
    return one === other ? 0 : one - other;
  });
}
