import type { TileBadge } from '../../state/tile_text';
import styles from './QualityBadge.module.css';

const kBars = { good: 3, fair: 2, poor: 1, lost: 0 } as const;

/** That something is wrong with a connection; its name says what. */
export function QualityBadge({ badge: { level, text } }: { readonly badge: TileBadge }) {
  return (
    <span className={styles.badge} role="img" aria-label={text} title={text} data-level={level} data-testid="quality">
      {[1, 2, 3].map((bar) => (
        <i key={bar} data-on={bar <= kBars[level] || undefined} />
      ))}
    </span>
  );
}
