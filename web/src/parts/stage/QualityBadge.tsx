import type { ConnectionQuality } from '@parley/client';
import { qualityText } from '../../words/quality';
import styles from './QualityBadge.module.css';

const kBars = { good: 3, fair: 2, poor: 1, lost: 0 } as const;

/** How good the connection with someone is; why it is not better is its name. */
export function QualityBadge({ quality }: { readonly quality: ConnectionQuality }) {
  const { level, reason } = quality;
  if (level === 'good') return null;
  const text = qualityText(level, reason);
  return (
    <span className={styles.badge} role="img" aria-label={text} title={text} data-level={level} data-testid="quality">
      {[1, 2, 3].map((bar) => (
        <i key={bar} data-on={bar <= kBars[level] || undefined} />
      ))}
    </span>
  );
}
