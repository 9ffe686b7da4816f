import { kMaxQuestionBytes, type Room } from '@parley/client';
import type { SubmitEvent } from 'react';
import { bytesOver } from '../../state/fit_text';
import { questionDraft, questionFilter } from '../../state/question_view';
import { useStore } from '../../state/use_store';
import { questions as words } from '../../words/questions';
import { WriteField } from '../panel/WriteField';
import styles from './QuestionComposer.module.css';

const kHint = 'question-hint';

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
  return (
    <form className={styles.composer} onSubmit={submit}>
      {!room.isHost && (
        <p id={kHint} className={styles.hint}>
          {words.hint}
        </p>
      )}
      <WriteField
        {...{ text, label: words.ask, testId: 'question-input' }}
        tooLong={over > 0 ? words.tooLong(over) : undefined}
        send={{ label: words.send, testId: 'question-send', disabled: !isSendable }}
        describedBy={room.isHost ? undefined : kHint}
        onText={(asked) => questionDraft.set(asked)}
        onEnter={submit}
      />
    </form>
  );
}
