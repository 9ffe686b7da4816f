import type { Room } from '@parley/client';
import { draft, write } from '../../state/chat_draft';
import { useRoomView, useStore } from '../../state/use_store';
import { chat as words } from '../../words/chat';
import styles from './ChatComposer.module.css';

/** Who is to read it: everyone, or one alone. */
export function ChatRecipient({ room }: { readonly room: Room }) {
  const { to, editing } = useStore(draft);
  const others = useRoomView(room).people.filter(({ self }) => !self);
  if (editing || (others.length === 0 && to === undefined)) return null;
  const isHere = others.some(({ sid }) => sid === to);
  return (
    <label className={styles.to} data-private={to !== undefined || undefined}>
      {words.to}
      <select
        value={isHere ? to : ''}
        data-testid="chat-to"
        onChange={(event) => write({ to: event.target.value || undefined })}
      >
        <option value="">{words.everyone}</option>
        {others.map(({ sid, name }) => (
          <option key={sid} value={sid}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
