import { SignalError } from '@parley/client';
import { errorWords } from '../words/errors';
import { told } from '../words/people';
import { Store } from './store';
import { toast } from './toasts';

/** Does something that the server may refuse, and says so if it does. */
export function attempt(work: Promise<unknown>, done?: string): void {
  work.then(
    () => {
      if (done) toast(done);
    },
    (error: unknown) => toast(refusalText(error), 'warning'),
  );
}

export function refusalText(error: unknown): string {
  const words = error instanceof SignalError ? errorWords(error.code) : undefined;
  return words ? `${words.title}. ${words.text}` : told.notDone;
}

/** A question that has to be answered before something that cannot be taken back. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly run: () => void;
  /** Something milder that may be meant. */
  readonly instead?: { readonly label: string; readonly run: () => void };
}

export const question = new Store<Question | undefined>(undefined);

export function ask(asked: Question): void {
  question.set(asked);
}
