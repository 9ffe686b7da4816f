import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Chat } from '@parley/client';
import {
  chatBytesOver,
  clearDraft,
  draft,
  isSendable,
  sendDraft,
  startEdit,
  startReply,
  stopContext,
  write,
} from './chat_draft';
import { chatRows, daysAgo } from './chat_rows';
import { chatMessage } from './testing/messages';

const kMinute = 60_000;
const noon = Date.UTC(2026, 0, 5, 12);

describe('chatRows', () => {
  it('puts together what one person writes in one go', () => {
    const rows = chatRows([
      chatMessage({ id: 1, at: noon }),
      chatMessage({ id: 2, at: noon + kMinute }),
      chatMessage({ id: 3, at: noon + 2 * kMinute, sid: 'bob', name: 'Bob' }),
      chatMessage({ id: 4, at: noon + 3 * kMinute }),
      chatMessage({ id: 5, at: noon + 9 * kMinute }),
    ]);
    expect(rows.map(({ head }) => head)).toEqual([true, false, true, true, true]);
  });

  it('sets apart what is private, and what is an answer', () => {
    const rows = chatRows([
      chatMessage({ id: 1 }),
      chatMessage({ id: 2, to: { sid: 'bob', name: 'Bob' } }),
      chatMessage({ id: 3, to: { sid: 'bob', name: 'Bob' } }),
      chatMessage({ id: 4, to: { sid: 'bob', name: 'Bob' }, replyTo: 1 }),
    ]);
    expect(rows.map(({ head }) => head)).toEqual([true, true, false, true]);
    expect(rows[3]?.answered?.id).toBe(1);
  });

  it('begins each day', () => {
    const rows = chatRows([chatMessage({ id: 1, at: noon }), chatMessage({ id: 2, at: noon + 24 * 60 * kMinute })]);
    expect(rows.map(({ newDay }) => newDay)).toEqual([true, true]);
  });

  it('knows of no answer whose question is not here', () => {
    expect(chatRows([chatMessage({ id: 9, replyTo: 1 })])[0]?.answered).toBeUndefined();
  });
});

describe('daysAgo', () => {
  it('counts midnights, not hours', () => {
    const late = new Date(2026, 2, 28, 23, 59).getTime();
    const early = new Date(2026, 2, 29, 0, 1).getTime();
    expect(daysAgo(late, early)).toBe(1);
    expect(daysAgo(early, early)).toBe(0);
    expect(daysAgo(late, new Date(2026, 3, 28, 1).getTime())).toBe(31);
  });
});

describe('the draft', () => {
  afterEach(clearDraft);

  function fakeChat(work: () => Promise<void> = () => Promise.resolve()) {
    const fake = { send: vi.fn(work), edit: vi.fn(work) };
    return { fake, chat: fake as unknown as Chat };
  }

  it('is sent without the space around it, and makes place for the next to the same person', async () => {
    const { fake, chat } = fakeChat();
    write({ text: '  Hello \n', to: 'bob' });
    await sendDraft(chat);
    expect(fake.send).toHaveBeenCalledWith('Hello', { to: 'bob' });
    expect(draft.get()).toMatchObject({ text: '', to: 'bob' });
  });

  it('answers in private what came in private', () => {
    startReply(chatMessage({ to: { sid: 'me', name: 'Me' } }));
    expect(draft.get().to).toBe('ada');
    startReply(chatMessage({ own: true, sid: 'me', to: { sid: 'bob', name: 'Bob' } }));
    expect(draft.get().to).toBe('bob');
    startReply(chatMessage());
    expect(draft.get().to).toBeUndefined();
  });

  it('changes a message, and tells if that was refused', async () => {
    const { fake, chat } = fakeChat(() => Promise.reject(new Error('no')));
    startEdit(chatMessage({ id: 7, text: 'Helo' }));
    write({ text: 'Hello' });
    expect(await sendDraft(chat)).toBe(false);
    expect(fake.edit).toHaveBeenCalledWith(7, 'Hello');
    expect(fake.send).not.toHaveBeenCalled();
  });

  it('keeps the words of a reply that is given up, and drops those of a change', () => {
    startReply(chatMessage());
    write({ text: 'Yes' });
    stopContext();
    expect(draft.get()).toMatchObject({ text: 'Yes', replyTo: undefined });
    startEdit(chatMessage({ text: 'Old' }));
    stopContext();
    expect(draft.get().text).toBe('');
  });

  it('does not send nothing, nor more than the server takes', async () => {
    const { fake, chat } = fakeChat();
    for (const text of ['', ' \n ', 'ä'.repeat(2001)]) {
      write({ text });
      expect(isSendable(draft.get())).toBe(false);
      await sendDraft(chat);
    }
    expect(fake.send).not.toHaveBeenCalled();
    expect(chatBytesOver('ä'.repeat(2001))).toBe(2);
    expect(isSendable({ text: 'ä'.repeat(2000) })).toBe(true);
  });
});
