import { reactions, reactionSaid } from '../../state/reactions';
import { useStore } from '../../state/use_store';
import { stage as words } from '../../words/meeting';
import styles from './Reactions.module.css';

/** Reactions rise over the pictures and fade away. */
export function Reactions() {
  const floating = useStore(reactions);
  const said = useStore(reactionSaid);
  return (
    <>
      <div className={styles.sky} aria-hidden="true">
        {floating.map(({ id, emoji, name, lane }) => (
          <span
            key={id}
            className={styles.reaction}
            style={{ '--lane': lane }}
            data-testid="floating-reaction"
            data-emoji={emoji}
          >
            <span className={styles.emoji}>{emoji}</span>
            {name && <span className={styles.name}>{name}</span>}
          </span>
        ))}
      </div>
      <p className="unseen" aria-live="polite">
        {said && words.reacted(said.name, said.emoji)}
      </p>
    </>
  );
}
