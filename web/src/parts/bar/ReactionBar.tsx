import { kReactions, type Room } from '@parley/client';
import { useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { bar as words } from '../../words/meeting';
import { ControlButton } from '../ControlButton';
import { SmileIcon } from '../meeting_icons';
import styles from './ReactionBar.module.css';

/** Opens the row of emojis above the bar; it stays open for more than one. */
export function ReactionButton({ room }: { readonly room: Room }) {
  const [open, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    ref.current?.querySelector<HTMLElement>('[data-testid="control-react"]')?.focus({ preventScroll: true });
  };
  const onBlur = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget instanceof Node && !ref.current?.contains(relatedTarget)) setOpen(false);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    close();
  };
  return (
    // Escape and the loss of focus bubble up to here from the buttons.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={ref} className={styles.place} onBlur={onBlur} onKeyDown={onKey}>
      {open && <ReactionRow onChoose={(emoji) => room.react(emoji)} />}
      <ControlButton
        label={words.react}
        hint={words.reactHint}
        icon={<SmileIcon />}
        onClick={() => setOpen(!open)}
        testId="control-react"
        expanded={open}
        tone={open ? 'chosen' : 'plain'}
      />
    </div>
  );
}

/** All emojis that can be sent. */
export function ReactionRow({ onChoose }: { readonly onChoose: (emoji: string) => void }) {
  return (
    <div className={styles.row} role="group" aria-label={words.react} data-testid="reactions">
      {kReactions.map((emoji) => (
        <button
          key={emoji}
          type="button"
          className={styles.emoji}
          aria-label={words.reactWith(emoji)}
          data-testid="reaction"
          data-emoji={emoji}
          onClick={() => onChoose(emoji)}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}
