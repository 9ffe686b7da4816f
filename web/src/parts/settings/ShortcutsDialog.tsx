import Dialog from '@mui/material/Dialog';
import { session } from '../../state/session';
import { kShortcuts, shortcutKeys } from '../../state/shortcuts';
import { useStore } from '../../state/use_store';
import { commands, shortcuts as words } from '../../words/shortcuts';
import { useIsNarrow } from '../use_is_narrow';
import { DialogHead } from './DialogHead';
import styles from './ShortcutsDialog.module.css';

/** All shortcuts, from the one table of them. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const narrow = useIsNarrow();
  const { room, info } = useStore(session);
  const lecture = room?.lecture.on ?? info?.lecture ?? false;
  return (
    <Dialog
      open
      fullScreen={narrow}
      onClose={onClose}
      aria-labelledby="shortcuts-title"
      slotProps={{ paper: { className: styles.paper ?? '' } }}
      data-testid="shortcuts"
    >
      <DialogHead id="shortcuts-title" title={words.title} onClose={onClose} />
      <div
        className={styles.body}
        role="region"
        aria-labelledby="shortcuts-title"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- It scrolls: the keyboard must reach it.
        tabIndex={0}
      >
        <dl className={styles.list}>
          {kShortcuts.map(({ command }) => (
            <div key={command} className={styles.row}>
              <dt>{command === 'speaker' && !lecture ? words.speakerView : commands[command]}</dt>
              <dd className={styles.keys}>
                {shortcutKeys(command).map((key) => (
                  <kbd key={key} className={styles.key}>
                    {key}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <p className={styles.note}>{words.intro}</p>
      </div>
    </Dialog>
  );
}
