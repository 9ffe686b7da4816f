import type { Room } from '@parley/client';
import { useEffect } from 'react';
import { chat as words } from '../../words/chat';
import { ChatComposer } from './ChatComposer';
import { ChatLog } from './ChatLog';
import styles from './ChatPanel.module.css';
import { FileTray } from './FileTray';

/** The chat: what was written, files on their way, and the place to write. */
export default function ChatPanel({ room, allowed }: { readonly room: Room; readonly allowed: boolean }) {
  useReading(room);
  return (
    <div className={styles.panel} data-testid="chat-panel">
      <ChatLog room={room} />
      <FileTray room={room} />
      {allowed ? (
        <ChatComposer room={room} />
      ) : (
        <p className={styles.off} data-testid="chat-off">
          {words.off}
        </p>
      )}
    </div>
  );
}

/** Read is what is before somebody's eyes: not in a tab that nobody looks at. */
function useReading({ chat }: Room): void {
  useEffect(() => {
    const look = () => chat.setReading(document.visibilityState === 'visible');
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      chat.setReading(false);
    };
  }, [chat]);
}
