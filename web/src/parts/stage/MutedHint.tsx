import type { LocalMedia } from '@parley/client';
import { mutedHint } from '../../state/muted_hint';
import { useStore } from '../../state/use_store';
import { stage as words } from '../../words/meeting';
import { room as roomWords } from '../../words/room';
import { MicrophoneOffIcon } from '../icons';
import styles from './MutedHint.module.css';

/** To whoever speaks and is not heard. */
export function MutedHint({ media }: { readonly media: LocalMedia }) {
  if (!useStore(mutedHint)) return null;
  return (
    <div className={styles.hint} role="alert" data-testid="muted-hint">
      <MicrophoneOffIcon size={20} />
      {words.mutedHint}
      <button
        type="button"
        className={styles.unmute}
        data-testid="muted-hint-unmute"
        onClick={() => void media.setMicrophone(true)}
      >
        {roomWords.unmute}
      </button>
    </div>
  );
}
