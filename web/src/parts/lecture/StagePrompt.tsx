import type { Room } from '@parley/client';
import { attempt } from '../../state/hosting';
import { stagePrompt, startOnStage } from '../../state/lecture/stage_prompt';
import { useStore } from '../../state/use_store';
import { onStage as words } from '../../words/lecture';
import { CameraIcon, MicrophoneIcon } from '../icons';
import { PillButton } from '../panel/PillButton';
import styles from './StagePrompt.module.css';

/** To whom it is said that they are on stage: nothing of theirs is on until they turn it on here. */
export default function StagePrompt({ room }: { readonly room: Room }) {
  const prompt = useStore(stagePrompt);
  if (!prompt) return null;
  const leave = () => {
    stagePrompt.set(undefined);
    attempt(room.lecture.leaveStage());
  };
  return (
    <section className={styles.prompt} aria-labelledby="stage-prompt" data-testid="stage-prompt">
      <div role="alert">
        <h2 id="stage-prompt" className={styles.title}>
          {prompt.host ? words.by(prompt.host) : words.title}
        </h2>
        <p className={styles.text}>{words.text}</p>
      </div>
      <div className={styles.ways}>
        {room.may('camera') && room.may('microphone') && (
          <PillButton
            tone="solid"
            testId="stage-both"
            icon={<CameraIcon size={20} />}
            onClick={() => startOnStage(room, 'both')}
          >
            {words.both}
          </PillButton>
        )}
        {room.may('microphone') && (
          <PillButton
            tone="primary"
            testId="stage-mic"
            icon={<MicrophoneIcon size={20} />}
            onClick={() => startOnStage(room, 'microphone')}
          >
            {words.microphone}
          </PillButton>
        )}
        <PillButton testId="stage-later" onClick={() => stagePrompt.set(undefined)}>
          {words.notYet}
        </PillButton>
      </div>
      {!room.isHost && (
        <button type="button" className={styles.leave} data-testid="stage-leave" onClick={leave}>
          {words.leave}
        </button>
      )}
    </section>
  );
}
