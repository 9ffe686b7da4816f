import { kMaxQuestionBytes, type Room } from '@parley/client';
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type SubmitEvent } from 'react';
import { bytesOver } from '../../state/fit_text';
import { questionDraft, questionFilter } from '../../state/question_view';
import { useStore } from '../../state/use_store';
import { questions as words } from '../../words/questions';
import { SendIcon } from '../meeting_icons';
import { IconButton } from '../panel/IconButton';
import styles from './QuestionComposer.module.css';

/** Where one asks. Enter sends; Shift+Enter begins a new line. */
export function QuestionComposer({ room }: { readonly room: Room }) {
  const text = useStore(questionDraft);
  const over = bytesOver(text.trim(), kMaxQuestionBytes);
  const isSendable = text.trim() !== '' && over === 0;
  const submit = (event?: SubmitEvent) => {
    event?.preventDefault();
    if (!isSendable) return;
    void room.questions.ask(text.trim()).catch(() => undefined); // It stays in the list, as failed.
    questionDraft.set('');
    questionFilter.set('open'); // Where it is now.
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form className={styles.composer} onSubmit={submit}>
      {!room.isHost && (
        <p id="question-hint" className={styles.hint}>
          {words.hint}
        </p>
      )}
      <div className={styles.field}>
        <GrowingText text={text} onKey={onKey} />
        {over > 0 && (
          <span className={styles.over} role="status">
            {words.tooLong(over)}
          </span>
        )}
        <IconButton type="submit" tone="primary" label={words.send} testId="question-send" disabled={!isSendable}>
          <SendIcon size={19} />
        </IconButton>
      </div>
    </form>
  );
}

/** As high as what is written in it. */
function GrowingText({ text, onKey }: { readonly text: string; readonly onKey: (event: KeyboardEvent) => void }) {
  const ref = useRef<HTMLTextAreaElement>(null);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    const field = ref.current;
    if (!field) return;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  }, [text]);
  return (
    <textarea
      ref={ref}
      className={styles.text}
      rows={1}
      value={text}
      dir="auto"
      placeholder={words.ask}
      aria-label={words.ask}
      aria-describedby="question-hint"
      data-testid="question-input"
      onChange={(event) => questionDraft.set(event.target.value)}
      onKeyDown={onKey}
    />
  );
}
