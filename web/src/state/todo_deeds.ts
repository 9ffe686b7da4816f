import type { TodoItem, TodoList } from '@parley/client';
import { todo as words } from '../words/todo';
import { toast } from './toasts';

/**
 * Deletes a task, and offers to take that back. A deletion is final for everyone at once, so what comes
 * back is a new task with the same words, in the same place.
 */
export function removeTodo(list: TodoList, { id, text, assignee, done }: TodoItem): void {
  const index = list.items.findIndex((item) => item.id === id);
  const after = list.items[index - 1]?.id ?? null;
  list.remove(id);
  toast(words.removed, {
    key: `todo/${id}`,
    actions: [{ label: words.undo, testId: 'todo-undo', run: () => bringBack() }],
  });
  const bringBack = () => {
    // What it stood behind may be gone as well.
    const place = after === null || list.items.some((item) => item.id === after) ? { after } : {};
    const again = list.add(text, { assignee, ...place });
    if (done) list.tick(again, true);
  };
}
