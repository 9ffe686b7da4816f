import { describe, expect, it } from 'vitest';
import type { TodoItem } from '@parley/client';
import { assignable, behindAt, placeAt, todoView } from './todo_view';

const item = (id: string, done = false): TodoItem => ({
  id,
  text: id,
  done,
  assignee: null,
  position: id,
  by: 'Ada',
  at: 0,
  pending: false,
});
const items = ['a', 'b', 'c'].map((id) => item(id));

describe('todoView', () => {
  it('keeps the order, and puts what is done apart', () => {
    const { open, done } = todoView([item('a'), item('b', true), item('c')]);
    expect(open.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(done.map(({ id }) => id)).toEqual(['b']);
  });
});

describe('behindAt', () => {
  it('gives the item that will stand before', () => {
    expect(behindAt(items, 'c', 0)).toBeNull();
    expect(behindAt(items, 'c', 1)).toBe('a');
    expect(behindAt(items, 'a', 1)).toBe('b');
    expect(behindAt(items, 'a', 2)).toBe('c');
  });

  it('moves nothing where it is already, beyond an end, or unknown', () => {
    expect(behindAt(items, 'b', 1)).toBeUndefined();
    expect(behindAt(items, 'a', -1)).toBeUndefined();
    expect(behindAt(items, 'c', 7)).toBeUndefined();
    expect(behindAt(items, 'x', 1)).toBeUndefined();
  });
});

describe('placeAt', () => {
  it('counts the rows whose middle is above', () => {
    expect([5, 15, 25, 99].map((y) => placeAt(y, [10, 20, 30]))).toEqual([0, 1, 2, 3]);
  });
});

describe('assignable', () => {
  it('keeps a name whose person has gone, and names nobody twice', () => {
    expect(assignable(['Ada', 'Bob', 'Ada'], 'Cleo')).toEqual(['Ada', 'Bob', 'Cleo']);
    expect(assignable(['Ada'], 'Ada')).toEqual(['Ada']);
    expect(assignable([], null)).toEqual([]);
  });
});
