import type { Question } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { countsOf, filtersFor, hasQuestions, holdOrder, rowKey, shownQuestions } from './question_view';

function question(key: string, more: Partial<Question> = {}): Question {
  return {
    id: 1,
    key,
    sid: 'ada',
    name: 'Ada',
    text: key,
    state: 'open',
    votes: 0,
    voted: false,
    at: 0,
    own: false,
    delivery: 'sent',
    error: undefined,
    ...more,
  };
}

const all = [
  question('early', { votes: 2, at: 1 }),
  question('late', { votes: 2, at: 3 }),
  question('popular', { votes: 9, at: 5 }),
  question('mine', { own: true, state: 'waiting', at: 6 }),
  question('done', { state: 'answered', votes: 1 }),
  question('aside', { own: true, state: 'dismissed' }),
];
const keys = (shown: readonly Question[]) => shown.map(({ key }) => key);

describe('questions', () => {
  it('stand by votes, then by time, one’s own that wait above them', () => {
    expect(keys(shownQuestions(all, 'open', false))).toEqual(['mine', 'popular', 'early', 'late']);
    expect(keys(shownQuestions(all, 'open', true))).toEqual(['popular', 'early', 'late']);
    expect(keys(shownQuestions(all, 'waiting', true))).toEqual(['mine']);
    expect(keys(shownQuestions(all, 'answered', false))).toEqual(['done', 'aside']);
    expect(keys(shownQuestions(all, 'answered', true))).toEqual(['done']);
  });

  it('are counted where they stand', () => {
    expect(countsOf(all, true)).toEqual({ waiting: 1, open: 3, answered: 1, dismissed: 1 });
    expect(countsOf(all, false)).toEqual({ waiting: 0, open: 4, answered: 2, dismissed: 0 });
    expect(filtersFor(false)).toEqual(['open', 'answered']);
    expect(filtersFor(true)).toContain('dismissed');
  });

  it('stay where they are while somebody points at them', () => {
    const before = shownQuestions(all, 'open', true).map(rowKey);
    const after = shownQuestions(
      [...all.map((one) => (one.key === 'late' ? { ...one, votes: 20 } : one)), question('new', { votes: 50 })],
      'open',
      true,
    );
    expect(keys(after)).toEqual(['new', 'late', 'popular', 'early']);
    expect(keys(holdOrder(after, before))).toEqual(['popular', 'early', 'late', 'new']);
  });

  it('are offered in a lecture, and where there are any', () => {
    const room = (lecture: boolean, list: readonly Question[]) =>
      ({ settings: { lecture }, questions: { all: list } }) as unknown as Parameters<typeof hasQuestions>[0];
    expect(hasQuestions(room(false, []))).toBe(false);
    expect(hasQuestions(room(true, []))).toBe(true);
    expect(hasQuestions(room(false, all))).toBe(true);
  });
});
