import type { SignalError } from '../errors';
import type { ChatRecord } from '../protocol';

/** A message as it is to be shown: one of the server's, or one of ours that is on its way. */
export interface ChatMessage extends Omit<ChatRecord, 'id'> {
  /** Undefined until the server has it. */
  readonly id: number | undefined;
  /** Whether we wrote it. */
  readonly own: boolean;
  /** `failed`: {@link Chat.retry} or {@link Chat.discard} it. */
  readonly state: 'sent' | 'pending' | 'failed';
  /** Why it failed. */
  readonly error: SignalError | undefined;
}
