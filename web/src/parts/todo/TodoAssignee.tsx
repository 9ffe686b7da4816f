import type { Room, TodoItem } from '@parley/client';
import { peopleOf } from '../../state/people';
import { assignable } from '../../state/todo_view';
import { todo as words } from '../../words/todo';
import { Face } from '../people/Face';
import styles from './TodoAssignee.module.css';

interface TodoAssigneeProps {
  readonly item: TodoItem;
  readonly room: Room;
  readonly allowed: boolean;
}

/** Who does it: one of those who are here, or nobody yet. */
export function TodoAssignee({ item: { id, text, assignee }, room, allowed }: TodoAssigneeProps) {
  const names = assignable(
    peopleOf(room).map(({ name }) => name),
    assignee,
  );
  return (
    <span className={styles.assignee} data-some={assignee !== null || undefined}>
      {assignee !== null && <Face name={assignee} size={20} />}
      <select
        value={assignee ?? ''}
        disabled={!allowed}
        aria-label={words.assign(text)}
        data-testid="todo-assign"
        onChange={(event) => room.todo.assign(id, event.target.value === '' ? null : event.target.value)}
      >
        <option value="">{words.nobody}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}
