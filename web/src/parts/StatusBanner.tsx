import type { LocalMedia } from '@parley/client';
import { callGoesOn, type RoomView } from '../state/room_view';
import { soundBlocked, unblockSound } from '../state/sound';
import { useLocalMedia, useStore } from '../state/use_store';
import { room as words } from '../words/room';
import { DoctorLink } from './DoctorLink';
import { MicrophoneOffIcon, SoundIcon } from './icons';
import styles from './StatusBanner.module.css';

/** What stands between us and the meeting: the connection, a phone call, or a browser that keeps the page silent. */
export function StatusBanner({ view, media }: { readonly view: RoomView; readonly media: LocalMedia }) {
  const { state } = view;
  const { interrupted } = useLocalMedia(media);
  const blocked = useStore(soundBlocked);
  if (state === 'connecting' || state === 'reconnecting') {
    return (
      <div className={styles.banner} data-state={state} data-testid="status-banner" role="status">
        <span className={styles.spinner} aria-hidden="true" />
        <span>
          {state === 'connecting' ? words.connecting : words.reconnecting} {callGoesOn(view) && words.goesOn}{' '}
          <DoctorLink plain />
        </span>
      </div>
    );
  }
  if (interrupted) {
    return (
      <button type="button" className={styles.banner} data-testid="interrupted" onClick={() => void media.resume()}>
        <MicrophoneOffIcon size={20} />
        {words.interrupted}
      </button>
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
