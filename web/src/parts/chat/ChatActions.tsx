import type { ChatMessage, Room } from '@parley/client';
import { startEdit, startReply } from '../../state/chat_draft';
import { attempt } from '../../state/hosting';
import { chat as words } from '../../words/chat';
import { EditIcon, ReplyIcon, TrashIcon } from '../meeting_icons';
import { IconButton } from '../panel/IconButton';
import styles from './ChatActions.module.css';
import { focusComposer } from './ChatComposer';

/** What one may do with a message; in sight when it is pointed at or has the focus. */
export function ChatActions({ message, room }: { readonly message: ChatMessage; readonly room: Room }) {
  const { id, own, deleted, state } = message;
  if (deleted || state !== 'sent' || id === undefined || !room.self?.permissions.chat) return null;
  const then = (start: (message: ChatMessage) => void) => () => {
    start(message);
    focusComposer();
  };
  return (
    <span className={styles.actions}>
      <IconButton label={words.reply} testId="chat-reply" onClick={then(startReply)}>
        <ReplyIcon size={17} />
      </IconButton>
      {own && (
        <IconButton label={words.edit} testId="chat-edit" onClick={then(startEdit)}>
          <EditIcon size={17} />
        </IconButton>
      )}
      {(own || room.isHost) && (
        <IconButton label={words.remove} testId="chat-delete" onClick={() => attempt(room.chat.delete(id))}>
          <TrashIcon size={17} />
        </IconButton>
      )}
    </span>
  );
}
