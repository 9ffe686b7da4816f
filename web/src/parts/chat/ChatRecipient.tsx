import type { Room } from '@parley/client';
import { draft, write } from '../../state/chat_draft';
import { useRoomView, useStore } from '../../state/use_store';
import { chat as words } from '../../words/chat';
import styles from './ChatComposer.module.css';

/** Who is to read it: everyone, or one alone. */
export function ChatRecipient({ room }: { readonly room: Room }) {
  const { to, toName, editing } = useStore(draft);
  const known = useRoomView(room).people.filter(({ self }) => !self);
  const isKnown = known.some(({ sid }) => sid === to);
  // Somebody of the audience, of whom nothing is known but what they were called when they were chosen.
  const isUnseen = room.lecture.on && room.isHost && to !== undefined && !isKnown;
  const others = isUnseen ? [...known, { sid: to, name: toName ?? '' }] : known;
  if (editing || (others.length === 0 && to === undefined)) return null;
  const isHere = isKnown || isUnseen;
  return (
    <label className={styles.to} data-private={to !== undefined || undefined}>
      {words.to}
      <select
        value={isHere ? to : ''}
        data-testid="chat-to"
        onChange={(event) => write({ to: event.target.value || undefined, toName: undefined })}
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
