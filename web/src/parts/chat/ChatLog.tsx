import type { ChatMessage, Room } from '@parley/client';
import { useMemo, useRef } from 'react';
import { chatRows } from '../../state/chat_rows';
import { chat as words } from '../../words/chat';
import { DownIcon } from '../meeting_icons';
import { EmptyState } from '../panel/EmptyState';
import { useChange } from '../use_change';
import styles from './ChatLog.module.css';
import { ChatRowView } from './ChatRowView';
import { ChatArt } from './ChatArt';
import { useLogScroll } from './use_log_scroll';

/** The messages, oldest first, with the newest in sight unless one has scrolled away from it. */
export function ChatLog({ room }: { readonly room: Room }) {
  const messages = useChange(room.chat, ({ messages }) => messages);
  const hasMore = useChange(room.chat, ({ hasMore }) => hasMore);
  const rows = useMemo(() => chatRows(messages), [messages]);
  const ref = useRef<HTMLDivElement>(null);
  const { fresh, toEnd } = useLogScroll(ref, messages);
  return (
    <div className={styles.space}>
      <div
        ref={ref}
        className={styles.scroll}
        // It scrolls, so the keyboard has to reach it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="log"
        aria-label={words.log}
        aria-live="off"
        data-testid="chat-log"
      >
        {hasMore && (
          <button
            type="button"
            className={styles.earlier}
            onClick={() => void room.chat.loadMore().catch(() => undefined)}
          >
            {words.earlier}
          </button>
        )}
        {rows.length === 0 && <EmptyState art={<ChatArt />} title={words.empty} text={words.emptyText} />}
        {rows.map((row) => (
          <ChatRowView key={row.message.key} row={row} room={room} />
        ))}
      </div>
      {fresh > 0 && (
        <button type="button" className={styles.jump} data-testid="chat-jump" onClick={toEnd}>
          {words.newBelow(fresh)}
          <DownIcon size={16} />
        </button>
      )}
      <p className="unseen" aria-live="polite" data-testid="chat-live">
        {newest(messages)}
      </p>
    </div>
  );
}

/** What a screen reader is told as it comes. */
function newest(messages: readonly ChatMessage[]): string {
  const last = messages.findLast(({ own, deleted }) => !own && !deleted);
  if (!last) return '';
  return last.to ? words.saidPrivately(last.name, last.text) : words.said(last.name, last.text);
}
