import { afterEach, describe, expect, it, vi } from 'vitest';
import { SignalError, type Room } from '@parley/client';
import { question } from '../hosting';
import { toasts } from '../toasts';
import { setLecture } from './set_lecture';

function roomOf(roles: string[], refusal?: string) {
  const change = vi.fn(() => (refusal ? Promise.reject(new SignalError(refusal, '')) : Promise.resolve()));
  const participants = new Map(roles.map((role, at) => [String(at), { role, program: false }]));
  return { change, room: { host: { change }, participants } as unknown as Room };
}

const texts = () => toasts.get().map(({ text }) => text);

afterEach(() => {
  question.set(undefined);
  toasts.set([]);
});

describe('setLecture', () => {
  it('asks first where somebody would leave the stage by it', () => {
    const { change, room } = roomOf(['participant']);
    setLecture(room, true);
    expect(change).not.toHaveBeenCalled();
    question.get()?.run();
    expect(change).toHaveBeenCalledWith({ lecture: true });
  });

  it('does it at once where all are hosts, and back again', () => {
    const { change, room } = roomOf(['cohost']);
    setLecture(room, true);
    setLecture(room, false);
    expect(change.mock.calls).toEqual([[{ lecture: true }], [{ lecture: false }]]);
  });

  it('says why it cannot be', async () => {
    setLecture(roomOf([], 'room-full').room, false);
    await vi.waitFor(() => expect(texts()).toEqual(['More than 100 people are watching: too many for a meeting.']));
    setLecture(roomOf([], 'unavailable').room, true);
    await vi.waitFor(() => expect(texts()).toHaveLength(2));
  });
});
