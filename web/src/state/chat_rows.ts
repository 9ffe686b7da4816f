import type { ChatMessage } from '@parley/client';

/** A message as it stands in the log. */
export interface ChatRow {
  readonly message: ChatMessage;
  /** It is the first of its day. */
  readonly newDay: boolean;
  /** It begins what one person wrote in one go: name and time stand above it. */
  readonly head: boolean;
  /** What it answers, as far as that is here. */
  readonly answered: ChatMessage | undefined;
}

/** Longer silence begins anew, in milliseconds. */
const kPause = 5 * 60_000;

export function chatRows(messages: readonly ChatMessage[]): ChatRow[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const newDay = !before || dayOf(before.at) !== dayOf(message.at);
    return {
      message,
      newDay,
      head: newDay || !goesOn(before, message),
      answered: message.replyTo === null ? undefined : byId.get(message.replyTo),
    };
  });
}

function goesOn(before: ChatMessage, message: ChatMessage): boolean {
  return (
    before.sid === message.sid &&
    before.name === message.name &&
    before.to?.sid === message.to?.sid &&
    message.replyTo === null &&
    message.at - before.at < kPause
  );
}

function dayOf(at: number): string {
  return new Date(at).toDateString();
}

/** How many days before `now` that was: 0 is today. */
export function daysAgo(at: number, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / 86_400_000); // Rounded: some days have 23 hours.
}
