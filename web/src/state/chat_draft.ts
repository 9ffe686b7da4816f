import { kMaxChatBytes, type Chat, type ChatMessage } from '@parley/client';
import { bytesOver } from './fit_text';
import { Store } from './store';

/** What is being written. It outlives the panel: who looks at the list of people loses no word. */
export interface ChatDraft {
  readonly text: string;
  /** The `sid` of whom alone it is for. */
  readonly to: string | undefined;
  /** How they are called: in a lecture one may write to who is not among the people one knows. */
  readonly toName?: string | undefined;
  readonly replyTo: ChatMessage | undefined;
  /** The message of ours that is being changed. */
  readonly editing: ChatMessage | undefined;
}

const kEmpty: ChatDraft = { text: '', to: undefined, replyTo: undefined, editing: undefined };

export const draft = new Store<ChatDraft>(kEmpty);

export function write(change: Partial<ChatDraft>): void {
  draft.update((now) => ({ ...now, ...change }));
}

/** An answer to a private message is private too. */
export function startReply(message: ChatMessage): void {
  const { to: receiver, own, sid, name } = message;
  const other = receiver && (own ? receiver : { sid, name });
  write({ replyTo: message, editing: undefined, to: other?.sid, toName: other?.name });
}

export function startEdit(message: ChatMessage): void {
  write({ text: message.text, editing: message, replyTo: undefined });
}

/** Ends replying or editing; a text that was being changed goes with it. */
export function stopContext(): void {
  draft.update((now) => ({ ...now, replyTo: undefined, editing: undefined, text: now.editing ? '' : now.text }));
}

export function clearDraft(): void {
  draft.set(kEmpty);
}

/** How many bytes a text is too long for the server; 0 if it fits. */
export function chatBytesOver(text: string): number {
  return bytesOver(text.trim(), kMaxChatBytes);
}

/** Whether it can be sent as it is. */
export function isSendable({ text }: Pick<ChatDraft, 'text'>): boolean {
  return text.trim() !== '' && chatBytesOver(text) === 0;
}

/**
 * Sends what was written, and makes place for the next. Resolves to false where a change was refused;
 * a message that is not sent stays in the log as failed.
 */
export async function sendDraft(chat: Chat): Promise<boolean> {
  const { text, to, toName, replyTo, editing } = draft.get();
  if (!isSendable({ text })) return true;
  draft.set({ ...kEmpty, to, toName }); // The next message goes to the same person.
  if (editing?.id !== undefined) return succeeds(chat.edit(editing.id, text.trim()));
  const options = { ...(to !== undefined && { to }), ...(replyTo?.id !== undefined && { replyTo: replyTo.id }) };
  await succeeds(chat.send(text.trim(), options));
  return true;
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
