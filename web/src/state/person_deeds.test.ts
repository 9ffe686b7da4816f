import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HostControls } from '@parley/client';
import { clearDraft, draft } from './chat_draft';
import { question } from './hosting';
import { closePanel, panel } from './panel';
import { doTo } from './person_deeds';
import { stage, changeStage } from './stage';

const bob = { sid: 'bob', name: 'Bob', self: false };

function fakeHost() {
  const done = () => vi.fn(() => Promise.resolve());
  const fake = { mute: done(), ask: done(), setRole: done(), handOver: done(), remove: done(), lowerHand: done() };
  return { fake, room: { host: fake as unknown as HostControls } };
}

afterEach(() => {
  clearDraft();
  closePanel();
  question.set(undefined);
  changeStage({ pinned: undefined });
});

describe('doTo', () => {
  it('does at once what is easily mended', () => {
    const { fake, room } = fakeHost();
    doTo(bob, 'mute', room);
    doTo(bob, 'screenOff', room);
    doTo(bob, 'askMicrophone', room);
    doTo(bob, 'cohost', room);
    expect(fake.mute.mock.calls).toEqual([
      ['bob', 'microphone'],
      ['bob', 'screen'],
    ]);
    expect(fake.ask).toHaveBeenCalledWith('bob', 'microphone', true);
    expect(fake.setRole).toHaveBeenCalledWith('bob', 'cohost');
    expect(question.get()).toBeUndefined();
  });

  it('asks before it removes someone or hands the meeting over', () => {
    const { fake, room } = fakeHost();
    doTo(bob, 'remove', room);
    expect(fake.remove).not.toHaveBeenCalled();
    question.get()?.run();
    expect(fake.remove).toHaveBeenCalledWith('bob');
    doTo(bob, 'handOver', room);
    expect(fake.handOver).not.toHaveBeenCalled();
    question.get()?.run();
    expect(fake.handOver).toHaveBeenCalledWith('bob');
  });

  it('opens the chat with them as the one to read it', () => {
    doTo(bob, 'write', fakeHost().room);
    expect(draft.get().to).toBe('bob');
    expect(panel.get()).toBe('chat');
  });

  it('pins the tile of theirs, and our own by its own name', () => {
    doTo(bob, 'pin', fakeHost().room);
    expect(stage.get().pinned).toBe('bob');
    doTo({ ...bob, self: true }, 'pin', fakeHost().room);
    expect(stage.get().pinned).toBe('self');
  });
});
