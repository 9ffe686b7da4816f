import type { Question, Room } from '@parley/client';
import { questions as words } from '../words/questions';
import { openPanel, panel } from './panel';
import { questionFilter } from './question_view';
import { toast } from './toasts';

/** Tells authors what became of their question, where they do not see it. */
export function followQuestions({ questions }: Room): void {
  questions.on('moved', (question) => {
    const text = question.own && panel.get() !== 'questions' ? newsText(question, false) : undefined;
    if (text === undefined) return;
    const show = () => {
      questionFilter.set(question.state === 'open' ? 'open' : 'answered');
      openPanel('questions');
    };
    toast(text, { key: 'question', actions: [{ label: words.look, testId: 'toast-question', run: show }] });
  });
}

/** What somebody hears of a question that somebody else moved; undefined where it is nothing new. */
export function newsText({ own, state, name, text }: Question, isHost: boolean): string | undefined {
  if (own) {
    const texts = {
      waiting: undefined,
      open: words.ownOpen,
      answered: words.ownAnswered,
      dismissed: words.ownDismissed,
    };
    return texts[state];
  }
  if (state === 'waiting') return isHost ? words.newWaiting(name, text) : undefined;
  return state === 'open' ? words.newOpen(text) : undefined;
}
