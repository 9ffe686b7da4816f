import type { SignalError } from '../errors';
import type { QuestionRecord } from './events';

/** A question as it is to be shown: one of the server's, or one of ours that is on its way. */
export interface Question extends Omit<QuestionRecord, 'id'> {
  /** Undefined until the server has it. */
  readonly id: number | undefined;
  /** Whether we asked it. */
  readonly own: boolean;
  /** `failed`: {@link Questions.retry} or {@link Questions.discard} it. */
  readonly delivery: 'sent' | 'pending' | 'failed';
  /** Why it failed. */
  readonly error: SignalError | undefined;
}
