import { linkify, type ChatMessage, type Room } from '@parley/client';
import { daysAgo, type ChatRow } from '../../state/chat_rows';
import { language } from '../../words/language';
import { chat as words } from '../../words/chat';
import { Face } from '../people/Face';
import { ChatActions } from './ChatActions';
import styles from './ChatRowView.module.css';

interface ChatRowProps {
  readonly row: ChatRow;
  readonly room: Room;
}

/** One message, with the day or its author above it where they change. */
export function ChatRowView({ row, room }: ChatRowProps) {
  const { message, newDay, head, answered } = row;
  const { own, state } = message;
  const at = room.localTime(message.at);
  return (
    <>
      {newDay && <p className={styles.day}>{dayText(at)}</p>}
      <article
        className={styles.row}
        data-own={own || undefined}
        data-head={head || undefined}
        data-private={message.to !== null || undefined}
        data-state={state}
        data-testid="chat-message"
        data-id={message.id}
        aria-label={`${own ? words.you : message.name}, ${timeText(at)}`}
      >
        {!own && <span className={styles.face}>{head && <Face name={message.name} size={30} />}</span>}
        <div className={styles.column}>
          {head && <Head message={message} at={at} />}
          <div className={styles.line}>
            <div className={styles.bubble}>
              {answered && <Answered message={answered} />}
              <Body message={message} />
            </div>
            <ChatActions message={message} room={room} />
          </div>
          <Delivery message={message} room={room} />
        </div>
      </article>
    </>
  );
}

function Head({ message: { own, name, to }, at }: { readonly message: ChatMessage; readonly at: number }) {
  return (
    <p className={styles.head}>
      {!own && <strong>{name}</strong>}
      {to && <span className={styles.private}>{own ? words.toOne(to.name) : words.toYou}</span>}
      <time dateTime={new Date(at).toISOString()}>{timeText(at)}</time>
    </p>
  );
}

function Answered({ message: { own, name, text, deleted } }: { readonly message: ChatMessage }) {
  return (
    <p className={styles.answered}>
      <strong>{own ? words.you : name}</strong> {deleted ? words.removed : text}
    </p>
  );
}

function Body({ message: { text, deleted, edited } }: { readonly message: ChatMessage }) {
  if (deleted) return <p className={styles.removed}>{words.removed}</p>;
  return (
    <p className={styles.text} data-testid="chat-text" dir="auto">
      {linkify(text).map((part, index) =>
        typeof part === 'string' ? (
          part
        ) : (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ),
      )}
      {edited !== null && <span className={styles.edited}> {words.edited}</span>}
    </p>
  );
}

function Delivery({ message: { state, key }, room }: { readonly message: ChatMessage; readonly room: Room }) {
  if (state === 'sent') return null;
  if (state === 'pending') return <p className={styles.delivery}>{words.sending}</p>;
  return (
    <p className={styles.delivery} data-failed>
      {words.failed}
      <button type="button" data-testid="chat-retry" onClick={() => void room.chat.retry(key).catch(() => undefined)}>
        {words.retry}
      </button>
      <button type="button" data-testid="chat-discard" onClick={() => room.chat.discard(key)}>
        {words.discard}
      </button>
    </p>
  );
}

function timeText(at: number): string {
  return new Date(at).toLocaleTimeString(language.get(), { hour: '2-digit', minute: '2-digit' });
}

function dayText(at: number): string {
  const days = daysAgo(at, Date.now());
  if (days <= 0) return words.today;
  if (days === 1) return words.yesterday;
  return new Date(at).toLocaleDateString(language.get(), { weekday: 'long', day: 'numeric', month: 'long' });
}
