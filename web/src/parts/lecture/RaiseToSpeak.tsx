import type { Room } from '@parley/client';
import { isHandUp, toggleHand } from '../../state/hand';
import { shortcutLabel } from '../../state/shortcuts';
import { useRoomView } from '../../state/use_store';
import { audience as words } from '../../words/lecture';
import { HandIcon } from '../meeting_icons';
import styles from './RaiseToSpeak.module.css';

/** What the audience has in place of microphone and camera. */
export function RaiseToSpeak({ room }: { readonly room: Room }) {
  useRoomView(room);
  const raised = isHandUp(room);
  const text = raised ? words.lower : words.raise;
  return (
    <button
      type="button"
      className={styles.button}
      data-raised={raised || undefined}
      data-testid="control-hand"
      data-hint={`${text} (${shortcutLabel('hand')})`}
      onClick={() => toggleHand(room)}
    >
      <HandIcon size={22} />
      {text}
    </button>
  );
}

/** Above the bar while our hand is up: that it is, and how many others wait. */
export function HandStatus({ room }: { readonly room: Room }) {
  const { lecture } = useRoomView(room);
  if (lecture.onStage || !isHandUp(room)) return null;
  return (
    <p className={styles.status} role="status" data-testid="hand-status">
      <HandIcon size={18} />
      <span>
        <strong>{words.raised}.</strong> {words.waits(Math.max(0, lecture.hands - 1))}
      </span>
    </p>
  );
}
