import type { Question, Room } from '@parley/client';
import { useId } from 'react';
import { attempt } from '../../state/hosting';
import { language } from '../../words/language';
import { questions as words } from '../../words/questions';
import { Face } from '../people/Face';
import { HostDeeds, TakeBack } from './QuestionDeeds';
import styles from './QuestionRow.module.css';
import { VoteIcon } from './VoteIcon';

interface QuestionRowProps {
  readonly question: Question;
  readonly room: Room;
  /** Something was done that takes it elsewhere. */
  readonly onDeed: () => void;
}

export function QuestionRow({ question, room, onDeed }: QuestionRowProps) {
  const { id, text, state, own, name, at, delivery } = question;
  const textId = useId();
  return (
    <li
      className={styles.row}
      data-testid="question"
      data-id={id}
      data-state={state}
      data-own={own || undefined}
      data-delivery={delivery}
    >
      <Vote question={question} room={room} textId={textId} />
      <div className={styles.column}>
        <p id={textId} className={styles.text} data-testid="question-text" dir="auto">
          {text}
        </p>
        <p className={styles.about}>
          <strong>{own ? words.you : name}</strong>
          <time dateTime={new Date(at).toISOString()}>
            {timeText(own && id === undefined ? at : room.localTime(at))}
          </time>
          <State question={question} isHost={room.isHost} />
        </p>
        {delivery !== 'sent' && <Delivery question={question} room={room} />}
        {room.isHost && id !== undefined && <HostDeeds question={question} id={id} room={room} onDeed={onDeed} />}
      </div>
      {!room.isHost && own && id !== undefined && <TakeBack question={question} id={id} room={room} onDeed={onDeed} />}
    </li>
  );
}

interface VoteProps {
  readonly question: Question;
  readonly room: Room;
  readonly textId: string;
}

function Vote({ question: { id, state, name, votes, voted }, room, textId }: VoteProps) {
  if (id === undefined || state === 'waiting') {
    return (
      <span className={styles.face}>
        <Face name={name} />
      </span>
    );
  }
  if (state !== 'open') {
    return (
      <span className={styles.votes} data-none={votes === 0 || undefined} aria-label={words.votes(votes)} role="img">
        <VoteIcon />
        <span className={styles.number}>{votes}</span>
      </span>
    );
  }
  return (
    <button
      type="button"
      className={styles.vote}
      aria-pressed={voted}
      aria-label={words.vote(votes)}
      aria-describedby={textId}
      data-testid="question-vote"
      onClick={() => attempt(room.questions.vote(id, !voted))}
    >
      <VoteIcon />
      <span className={styles.number} data-testid="question-votes">
        {votes}
      </span>
    </button>
  );
}

/** What is not plain from where it stands. */
function State({
  question: { state, own, delivery },
  isHost,
}: {
  readonly question: Question;
  readonly isHost: boolean;
}) {
  if (isHost || !own || delivery !== 'sent' || state === 'open' || state === 'answered') return null;
  return (
    <span className={styles.state} data-testid="question-state">
      {state === 'waiting' ? words.isWaiting : words.isDismissed}
    </span>
  );
}

/** So many of one person may wait at once. */
const kMostWaiting = 10;

function Delivery({ question: { key, delivery, error }, room }: { readonly question: Question; readonly room: Room }) {
  if (delivery !== 'failed') return <p className={styles.delivery}>{words.sending}</p>;
  const own = room.questions.all.filter(
    ({ own, state, delivery }) => own && state === 'waiting' && delivery === 'sent',
  );
  const full = error?.code === 'list-full' ? words.full : undefined;
  return (
    <p className={styles.delivery} data-failed>
      {full ?? (own.length >= kMostWaiting ? words.tooMany : words.failed)}
      <button
        type="button"
        data-testid="question-retry"
        onClick={() => void room.questions.retry(key).catch(() => undefined)}
      >
        {words.retry}
      </button>
      <button type="button" data-testid="question-discard" onClick={() => room.questions.discard(key)}>
        {words.discard}
      </button>
    </p>
  );
}

function timeText(at: number): string {
  return new Date(at).toLocaleTimeString(language.get(), { hour: '2-digit', minute: '2-digit' });
}
