import type { Question, Room } from '@parley/client';
import { useLayoutEffect, useRef, useState, type FocusEvent } from 'react';
import { holdOrder, rowKey } from '../../state/question_view';
import { questions as words } from '../../words/questions';
import styles from './QuestionList.module.css';
import { QuestionRow } from './QuestionRow';

interface QuestionListProps {
  readonly questions: readonly Question[];
  readonly room: Room;
}

/** Rows that do not move under the pointer, nor away from the focus. */
export function QuestionList({ questions, room }: QuestionListProps) {
  const [held, setHeld] = useState<readonly string[]>();
  const list = useRef<HTMLUListElement>(null);
  const left = useRef<number>(undefined);
  const rows = held ? holdOrder(questions, held) : questions;
  const hold = () => setHeld((before) => before ?? rows.map(rowKey));
  const onFocus = ({ target }: FocusEvent) => {
    if (target.matches(':focus-visible')) hold();
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget) && !currentTarget.matches(':hover')) setHeld(undefined);
  };
  // A row that was dealt with is gone, and the focus with it: it goes to the one that takes the place.
  useLayoutEffect(() => {
    const place = left.current;
    if (place === undefined || document.activeElement !== document.body) return;
    left.current = undefined;
    const rest = list.current?.children ?? [];
    rest[Math.min(place, rest.length - 1)]?.querySelector<HTMLElement>('button:enabled')?.focus();
  });
  return (
    // They act on nothing: they tell when rows have to keep still.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ul
      ref={list}
      className={styles.list}
      aria-label={words.list}
      onPointerEnter={hold}
      onPointerLeave={() => setHeld(undefined)}
      onFocus={onFocus}
      onBlur={onBlur}
    >
      {rows.map((question, index) => (
        <QuestionRow
          key={rowKey(question)}
          question={question}
          room={room}
          onDeed={() => {
            left.current = index;
          }}
        />
      ))}
    </ul>
  );
}
