import { describe, expect, it, vi } from 'vitest';
import type { TodoItem, TodoList } from '@parley/client';
import { removeTodo } from './todo_deeds';
import { toasts } from './toasts';

function fakeList(ids: string[]) {
  const items = ids.map((id) => ({ id, text: id, assignee: 'Bob', done: id === 'b' }));
  const fake = {
    get items() {
      return items;
    },
    remove: vi.fn((id: string) =>
      items.splice(
        items.findIndex((item) => item.id === id),
        1,
      ),
    ),
    add: vi.fn(() => 'again'),
    tick: vi.fn(),
  };
  return { fake, list: fake as unknown as TodoList, items };
}

function itemAt({ items }: TodoList, index: number): TodoItem {
  const item = items[index];
  if (!item) throw new Error(`no item ${index}`);
  return item;
}

const undo = (id: string) =>
  toasts
    .get()
    .find(({ key }) => key === `todo/${id}`)
    ?.actions[0]?.run();

describe('removeTodo', () => {
  it('brings back the same words in the same place', () => {
    const { fake, list } = fakeList(['a', 'b', 'c']);
    removeTodo(list, itemAt(list, 1));
    expect(fake.remove).toHaveBeenCalledWith('b');
    undo('b');
    expect(fake.add).toHaveBeenCalledWith('b', { assignee: 'Bob', after: 'a' });
    expect(fake.tick).toHaveBeenCalledWith('again', true);
  });

  it('brings back the first one as the first', () => {
    const { fake, list } = fakeList(['a', 'c']);
    removeTodo(list, itemAt(list, 0));
    undo('a');
    expect(fake.add).toHaveBeenCalledWith('a', { assignee: 'Bob', after: null });
    expect(fake.tick).not.toHaveBeenCalled();
  });

  it('goes to the end where what it stood behind is gone too', () => {
    const { fake, list, items } = fakeList(['a', 'b']);
    removeTodo(list, itemAt(list, 1));
    items.length = 0;
    undo('b');
    expect(fake.add).toHaveBeenCalledWith('b', { assignee: 'Bob' });
  });
});
