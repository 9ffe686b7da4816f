import type { Question, QuestionVerdict, Room } from '@parley/client';
import { ask, attempt } from '../../state/hosting';
import { questions as words } from '../../words/questions';
import { CheckIcon } from '../icons';
import { TrashIcon } from '../meeting_icons';
import { IconButton } from '../panel/IconButton';
import { PillButton } from '../panel/PillButton';
import styles from './QuestionDeeds.module.css';

interface DeedsProps {
  readonly question: Question;
  readonly id: number;
  readonly room: Room;
  readonly onDeed: () => void;
}

/** What hosts do with a question. */
export function HostDeeds(props: DeedsProps) {
  const { question, id, room, onDeed } = props;
  const judge = (verdict: QuestionVerdict) => () => {
    onDeed();
    attempt(room.questions.judge(id, verdict));
  };
  return (
    <div className={styles.deeds}>
      <Verdicts state={question.state} text={question.text} judge={judge} />
      <Remove {...props} title={words.removeTitle} action={words.remove} />
    </div>
  );
}

/** What its author does. */
export function TakeBack(props: DeedsProps) {
  return <Remove {...props} title={words.takeBackTitle} action={words.takeBack} />;
}

function Remove({
  question: { text },
  id,
  room,
  onDeed,
  title,
  action,
}: DeedsProps & Record<'title' | 'action', string>) {
  const run = () => {
    onDeed();
    attempt(room.questions.delete(id));
  };
  return (
    <IconButton
      label={words.deed(action, text)}
      tone="danger"
      testId="question-delete"
      onClick={() => ask({ title, text: words.removeText(text), action, run })}
    >
      <TrashIcon size={17} />
    </IconButton>
  );
}

interface VerdictsProps {
  readonly state: Question['state'];
  readonly text: string;
  readonly judge: (verdict: QuestionVerdict) => () => void;
}

function Verdicts({ state, text, judge }: VerdictsProps) {
  const first = {
    waiting: { words: words.approve, verdict: 'open', testId: 'question-approve', tone: 'solid' },
    open: { words: words.answer, verdict: 'answered', testId: 'question-answered', tone: 'primary' },
    answered: { words: words.reopen, verdict: 'open', testId: 'question-reopen', tone: 'plain' },
    dismissed: { words: words.approve, verdict: 'open', testId: 'question-approve', tone: 'plain' },
  } as const;
  const { words: label, verdict, testId, tone } = first[state];
  return (
    <>
      <PillButton
        small
        tone={tone}
        label={words.deed(label, text)}
        testId={testId}
        onClick={judge(verdict)}
        icon={state === 'open' && <CheckIcon size={16} />}
      >
        {label}
      </PillButton>
      {(state === 'waiting' || state === 'open') && (
        <PillButton
          small
          label={words.deed(words.dismiss, text)}
          testId="question-dismiss"
          onClick={judge('dismissed')}
        >
          {words.dismiss}
        </PillButton>
      )}
    </>
  );
}
