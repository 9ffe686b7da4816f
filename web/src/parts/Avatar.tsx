import { avatarColour, initialsOf } from '../state/names';
import styles from './Avatar.module.css';

/** Stands for someone without a picture. */
export function Avatar({ name }: { readonly name: string }) {
  return (
    <span className={styles.avatar} style={{ background: `var(--avatar-${avatarColour(name)})` }} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
