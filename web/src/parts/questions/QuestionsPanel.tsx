import type { Room } from '@parley/client';
import { useEffect, useState } from 'react';
import { newsText } from '../../state/question_events';
import { countsOf, filtersFor, questionFilter, shownQuestions, type QuestionFilter } from '../../state/question_view';
import { useRoomView, useStore } from '../../state/use_store';
import { questions as words } from '../../words/questions';
import { EmptyState } from '../panel/EmptyState';
import { useChange } from '../use_change';
import { QuestionArt } from './QuestionArt';
import { QuestionComposer } from './QuestionComposer';
import { QuestionList } from './QuestionList';
import styles from './QuestionsPanel.module.css';

/** What people want to know, and how many of them: everyone asks and votes, hosts let through and tick off. */
export default function QuestionsPanel({ room, allowed }: { readonly room: Room; readonly allowed: boolean }) {
  useRoomView(room); // Whether we are a host.
  const all = useChange(room.questions, (questions) => questions.all);
  const chosen = useStore(questionFilter);
  useWaitingFirst(room);
  const { isHost } = room;
  const filters = filtersFor(isHost);
  const filter = filters.includes(chosen) ? chosen : 'open';
  const shown = shownQuestions(all, filter, isHost);
  return (
    <div className={styles.panel} data-testid="questions-panel">
      <Filters filters={filters} filter={filter} counts={countsOf(all, isHost)} />
      <div className={styles.scroll}>
        {shown.length > 0 ? <QuestionList key={filter} questions={shown} room={room} /> : <Nothing filter={filter} />}
      </div>
      {allowed ? <QuestionComposer room={room} /> : <p className={styles.off}>{words.off}</p>}
      <News room={room} />
    </div>
  );
}

/** A host who opens the panel while something waits sees that. */
function useWaitingFirst(room: Room): void {
  useEffect(() => {
    if (room.isHost) questionFilter.set(room.questions.waiting > 0 ? 'waiting' : 'open');
  }, [room]);
}

interface FiltersProps {
  readonly filters: readonly QuestionFilter[];
  readonly filter: QuestionFilter;
  readonly counts: Readonly<Record<QuestionFilter, number>>;
}

function Filters({ filters, filter, counts }: FiltersProps) {
  return (
    <div className={styles.filters} role="group" aria-label={words.show}>
      {filters.map((name) => (
        <button
          key={name}
          type="button"
          className={styles.filter}
          aria-pressed={name === filter}
          aria-label={words.filter(words[name], counts[name])}
          data-calls={(name === 'waiting' && counts.waiting > 0) || undefined}
          data-testid={`questions-${name}`}
          onClick={() => questionFilter.set(name)}
        >
          {words[name]} {counts[name] > 0 && <span className={styles.count}>{counts[name]}</span>}
        </button>
      ))}
    </div>
  );
}

function Nothing({ filter }: { readonly filter: QuestionFilter }) {
  const [title, text] = {
    open: [words.empty, words.emptyText],
    waiting: [words.emptyWaiting, words.emptyWaitingText],
    answered: [words.emptyAnswered, words.emptyAnsweredText],
    dismissed: [words.emptyDismissed, words.emptyDismissedText],
  }[filter] as [string, string];
  return <EmptyState art={<QuestionArt />} title={title} text={text} />;
}

/** For screen readers: what comes and where it goes, and not each vote. */
function News({ room }: { readonly room: Room }) {
  const [news, setNews] = useState('');
  useEffect(
    () => room.questions.on('moved', (question) => setNews((before) => newsText(question, room.isHost) ?? before)),
    [room],
  );
  return (
    <p className="unseen" role="status" data-testid="questions-news">
      {news}
    </p>
  );
}
