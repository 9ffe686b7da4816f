import { audience as words } from '../../words/lecture';
import { EmptyState } from '../panel/EmptyState';
import styles from './EmptyStage.module.css';
import { LectureArt } from './LectureArt';

/** To the audience of a lecture in which nobody is on stage. */
export default function EmptyStage() {
  return (
    <div className={styles.stage} role="status" data-testid="empty-stage">
      <EmptyState art={<LectureArt />} title={words.empty} text={words.emptyText} />
    </div>
  );
}
