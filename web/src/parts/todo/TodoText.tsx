import { kMaxTodoBytes, type Room, type TodoItem } from '@parley/client';
import { useState, type KeyboardEvent } from 'react';
import { fitText } from '../../state/fit_text';
import { todo as words } from '../../words/todo';
import styles from './TodoText.module.css';

interface TodoTextProps {
  readonly item: TodoItem;
  readonly room: Room;
  readonly allowed: boolean;
}

/** A task's text: a press opens it, Enter or leaving it saves, Escape does not. */
export function TodoText({ item: { id, text }, room, allowed }: TodoTextProps) {
  const [edited, setEdited] = useState<string>();
  if (!allowed) return <p className={styles.text}>{text}</p>;
  if (edited === undefined) {
    return (
      <button
        type="button"
        className={styles.text}
        aria-label={words.edit(text)}
        dir="auto"
        data-testid="todo-text"
        onClick={() => setEdited(text)}
      >
        {text}
      </button>
    );
  }
  const save = () => {
    const now = edited.trim();
    if (now !== '' && now !== text) room.todo.edit(id, now);
    setEdited(undefined);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') save();
    if (event.key === 'Escape') {
      event.stopPropagation(); // The panel stays.
      setEdited(undefined);
    }
  };
  return (
    <input
      className={styles.field}
      value={edited}
      dir="auto"
      aria-label={words.text}
      // One pressed on the text in order to change it.
      // eslint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      data-testid="todo-edit"
      onChange={(event) => setEdited(fitText(event.target.value, kMaxTodoBytes))}
      onKeyDown={onKey}
      onBlur={save}
    />
  );
}
