import { Avatar } from '../Avatar';
import styles from './Face.module.css';

/** Someone's round picture in a list, `size` pixels wide. */
export function Face({ name, size = 36 }: { readonly name: string; readonly size?: number }) {
  return (
    <span className={styles.face} style={{ '--size': `${size}px` }}>
      <Avatar name={name} />
    </span>
  );
}
