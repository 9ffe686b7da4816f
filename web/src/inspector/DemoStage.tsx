import { VideoView } from '../parts/VideoView';
import { demo as words } from '../words/inspector';
import actions from './LogActions.module.css';
import styles from './DemoStage.module.css';
import { kFarDelay, type InspectorPageState, type InspectorState } from './page_state';

interface Props {
  readonly page: InspectorPageState;
  readonly state: Pick<InspectorState, 'sent' | 'received' | 'delay'>;
}

/** Both pictures of the demonstration, and what one may try with it. */
export function DemoStage({ page, state: { sent, received, delay } }: Props) {
  if (!page.canCall) return <p role="status">{words.unsupported}</p>;
  return (
    <div className={styles.stage} data-testid="demo">
      <p className={styles.explain}>{words.explain}</p>
      <div className={styles.pictures}>
        <Picture label={words.sent} track={sent} />
        <Picture label={words.received} track={received} />
      </div>
      <div className={styles.controls}>
        <button type="button" className={actions.button} data-testid="demo-call" onClick={() => page.call()}>
          {words.again}
        </button>
        <button type="button" className={actions.button} data-testid="demo-restart" onClick={() => page.restartIce()}>
          {words.restart}
        </button>
        <select
          className={styles.distance}
          aria-label={words.distance}
          value={delay}
          data-testid="demo-delay"
          onChange={(event) => page.call(Number(event.currentTarget.value))}
        >
          <option value={0}>{words.near}</option>
          <option value={kFarDelay}>{words.far}</option>
        </select>
      </div>
    </div>
  );
}

function Picture({ label, track }: { readonly label: string; readonly track: MediaStreamTrack | undefined }) {
  return (
    <figure className={styles.picture}>
      <div className={styles.frame}>{track && <VideoView track={track} />}</div>
      <figcaption>{label}</figcaption>
    </figure>
  );
}
