import type { ChatMessage } from '@parley/client';

/** A message of Ada's to all, for tests. */
export function chatMessage(more: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id: 1,
    key: 'key',
    sid: 'ada',
    name: 'Ada',
    account: null,
    text: 'Hello',
    to: null,
    replyTo: null,
    at: Date.UTC(2026, 0, 5, 12),
    edited: null,
    deleted: false,
    own: false,
    state: 'sent',
    error: undefined,
    ...more,
  };
}
