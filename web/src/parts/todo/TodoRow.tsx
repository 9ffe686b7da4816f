import type { Room, TodoItem } from '@parley/client';
import type { KeyboardEvent, PointerEvent } from 'react';
import { removeTodo } from '../../state/todo_deeds';
import { todo as words } from '../../words/todo';
import { CloudIcon, GripIcon, TrashIcon } from '../meeting_icons';
import { IconButton } from '../panel/IconButton';
import { TodoAssignee } from './TodoAssignee';
import styles from './TodoRow.module.css';
import { TodoText } from './TodoText';

/** How a row is moved. */
export interface Drag {
  readonly over: (id: string, y: number) => void;
  readonly drop: () => void;
  readonly by: (id: string, step: number) => void;
}

interface TodoRowProps {
  readonly item: TodoItem;
  readonly room: Room;
  readonly allowed: boolean;
  readonly drag: Drag;
  readonly dragged: boolean;
  /** On which side of it the dragged one would come to stand. */
  readonly drop: 'above' | 'below' | undefined;
}

export function TodoRow({ item, room, allowed, drag, dragged, drop }: TodoRowProps) {
  const { id, text, done, pending } = item;
  return (
    <li
      className={styles.row}
      data-testid="todo-item"
      data-id={id}
      data-done={done}
      data-pending={pending || undefined}
      data-dragged={dragged || undefined}
      data-drop={drop}
    >
      {allowed && <Grip item={item} drag={drag} />}
      <input
        type="checkbox"
        className={styles.tick}
        checked={done}
        disabled={!allowed}
        aria-label={words.done(text)}
        data-testid="todo-tick"
        onChange={(event) => room.todo.tick(id, event.target.checked)}
      />
      <div className={styles.words}>
        <TodoText item={item} room={room} allowed={allowed} />
        <TodoAssignee item={item} room={room} allowed={allowed} />
      </div>
      {pending && (
        <span className={styles.pending} role="img" aria-label={words.pending} title={words.pending}>
          <CloudIcon size={18} />
        </span>
      )}
      {allowed && (
        <IconButton
          label={words.remove(text)}
          tone="danger"
          testId="todo-remove"
          onClick={() => removeTodo(room.todo, item)}
        >
          <TrashIcon size={18} />
        </IconButton>
      )}
    </li>
  );
}

/** What a row is held by. */
function Grip({ item: { id, text }, drag }: { readonly item: TodoItem; readonly drag: Drag }) {
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    drag.by(id, step);
  };
  const onMove = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) drag.over(id, event.clientY);
  };
  return (
    <button
      type="button"
      className={styles.grip}
      aria-label={words.move(text)}
      data-testid="todo-grip"
      onKeyDown={onKey}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onMove}
      onLostPointerCapture={drag.drop}
    >
      <GripIcon size={18} />
    </button>
  );
}
