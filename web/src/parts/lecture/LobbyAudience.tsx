import { lecture, lectureLobby as words } from '../../words/lecture';
import { EyeIcon } from '../meeting_icons';
import { LectureArt } from './LectureArt';
import styles from './LobbyAudience.module.css';

/** In the lobby, in place of the preview: who will watch needs neither camera nor microphone. */
export default function LobbyAudience({ count }: { readonly count: number }) {
  return (
    <section className={styles.card} data-testid="lobby-audience">
      <LectureArt width={300} />
      <h2 className={styles.title}>{words.title}</h2>
      <p className={styles.text}>{words.text}</p>
      {count > 0 && (
        <p className={styles.count} data-testid="lobby-watching">
          <EyeIcon size={18} />
          {lecture.watching(count)}
        </p>
      )}
    </section>
  );
}
