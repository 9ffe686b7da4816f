import type { RoomState } from '@parley/client';
import { soundBlocked, unblockSound } from '../state/sound';
import { useStore } from '../state/use_store';
import { room as words } from '../words/room';
import { SoundIcon } from './icons';
import styles from './StatusBanner.module.css';

/** What stands between us and the meeting: the connection, or a browser that keeps the page silent. */
export function StatusBanner({ state }: { readonly state: RoomState }) {
  const blocked = useStore(soundBlocked);
  if (state === 'connecting' || state === 'reconnecting') {
    return (
      <div className={styles.banner} data-state={state} data-testid="status-banner" role="status">
        <span className={styles.spinner} aria-hidden="true" />
        {state === 'connecting' ? words.connecting : words.reconnecting}
      </div>
    );
  }
  if (!blocked) return null;
  return (
    <button type="button" className={styles.banner} data-testid="sound-blocked" onClick={() => void unblockSound()}>
      <SoundIcon size={20} />
      {words.soundBlocked}
    </button>
  );
}
