import type { Room, TodoItem } from '@parley/client';
import { useRef, useState } from 'react';
import { behindAt, placeAt } from '../../state/todo_view';
import { todo as words } from '../../words/todo';
import styles from './TodoItems.module.css';
import { TodoRow, type Drag } from './TodoRow';

interface TodoItemsProps {
  readonly items: readonly TodoItem[];
  readonly room: Room;
  readonly allowed: boolean;
  readonly label: string;
}

/** Tasks in their order, which the pointer and the arrow keys change. */
export function TodoItems({ items, room, allowed, label }: TodoItemsProps) {
  const list = useRef<HTMLUListElement>(null);
  const [dragged, setDragged] = useState<{ readonly id: string; readonly place: number }>();
  const [told, setTold] = useState('');

  const moveTo = (id: string, place: number) => {
    const behind = behindAt(items, id, place);
    if (behind === undefined) return;
    room.todo.move(id, behind);
    const text = items.find((item) => item.id === id)?.text ?? '';
    setTold(words.moved(text, place + 1, items.length));
  };
  const drag: Drag = {
    over: (id, y) => setDragged({ id, place: placeAt(y, middlesOf(list.current, id)) }),
    drop: () => {
      if (dragged) moveTo(dragged.id, dragged.place);
      setDragged(undefined);
    },
    by: (id, step) => moveTo(id, items.findIndex((item) => item.id === id) + step),
  };
  const others = items.filter(({ id }) => id !== dragged?.id);
  const before = dragged && others[dragged.place]?.id;
  return (
    <>
      <ul ref={list} className={styles.list} aria-label={label} data-testid="todo-list">
        {items.map((item) => (
          <TodoRow
            key={item.id}
            item={item}
            room={room}
            allowed={allowed}
            drag={drag}
            dragged={item.id === dragged?.id}
            drop={
              !dragged
                ? undefined
                : item.id === before
                  ? 'above'
                  : !before && item === others.at(-1)
                    ? 'below'
                    : undefined
            }
          />
        ))}
      </ul>
      <p className="unseen" aria-live="polite">
        {told}
      </p>
    </>
  );
}

// Of the rows that stay: the dragged one is between them.
function middlesOf(list: HTMLElement | null, id: string): number[] {
  return [...(list?.children ?? [])]
    .filter((row) => row instanceof HTMLElement && row.dataset['id'] !== id)
    .map((row) => row.getBoundingClientRect())
    .map(({ top, height }) => top + height / 2);
}
