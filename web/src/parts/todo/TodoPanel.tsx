import { kMaxTodoBytes, type Room } from '@parley/client';
import { useState, type SubmitEvent } from 'react';
import { fitText } from '../../state/fit_text';
import { todoView } from '../../state/todo_view';
import { useRoomView } from '../../state/use_store';
import { todo as words } from '../../words/todo';
import { CloudIcon, PlusIcon } from '../meeting_icons';
import { EmptyState } from '../panel/EmptyState';
import { IconButton } from '../panel/IconButton';
import { useChange } from '../use_change';
import { TodoArt } from './TodoArt';
import { TodoItems } from './TodoItems';
import styles from './TodoPanel.module.css';

/** The list of tasks that everyone in the room shares. */
export default function TodoPanel({ room, allowed }: { readonly room: Room; readonly allowed: boolean }) {
  const items = useChange(room.todo, ({ items }) => items);
  const { state } = useRoomView(room);
  const { open, done } = todoView(items);
  return (
    <div className={styles.panel} data-testid="todo-panel">
      {allowed ? <AddForm room={room} /> : <p className={styles.note}>{words.off}</p>}
      {state === 'reconnecting' && (
        <p className={styles.offline} role="status" data-testid="todo-offline">
          <CloudIcon size={20} />
          {words.offline}
        </p>
      )}
      <div className={styles.scroll}>
        {items.length === 0 && <EmptyState art={<TodoArt />} title={words.empty} text={words.emptyText} />}
        {open.length > 0 && <TodoItems items={open} room={room} allowed={allowed} label={words.list} />}
        {done.length > 0 && (
          <details className={styles.done} open>
            <summary>{words.doneList(done.length)}</summary>
            <TodoItems items={done} room={room} allowed={allowed} label={words.doneList(done.length)} />
          </details>
        )}
      </div>
    </div>
  );
}

function AddForm({ room }: { readonly room: Room }) {
  const [text, setText] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    room.todo.add(text.trim());
    setText('');
  };
  return (
    <form className={styles.add} onSubmit={submit}>
      <input
        className={styles.field}
        value={text}
        placeholder={words.add}
        aria-label={words.add}
        autoComplete="off"
        dir="auto"
        // The panel was opened to write into it.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        data-testid="todo-add"
        onChange={(event) => setText(fitText(event.target.value, kMaxTodoBytes))}
      />
      <IconButton type="submit" tone="primary" label={words.addDo} testId="todo-add-do" disabled={text.trim() === ''}>
        <PlusIcon size={20} />
      </IconButton>
    </form>
  );
}
