import { describe, expect, it } from 'vitest';
import { contentOf, dataOf, type Frame } from './frame';
import { Inbox, type Receipt } from './inbox';
import { kMaxOwed, kMaxOwedBytes, kPatience, Outbox } from './outbox';
import { seeded } from '../testing/random';

const kRun = 7;
const text = contentOf;
const numbered = (number: number, run = kRun, stream: 'all' | 'one' = 'all') =>
  ({ type: 'numbered', run, stream, number, content: text(String(number)) }) as const;
const mark = (number: number) => ({ type: 'mark', run: kRun, stream: 'all', number }) as const;
const receipt = (all: number | undefined, again = false, run = kRun): Receipt => ({
  ...{ type: 'receipt', run, again, next: { all, one: undefined } },
});
const texts = (frames: readonly Frame[]) =>
  frames.map((frame) =>
    'content' in frame ? String(dataOf(frame.content)) : `${frame.type} ${'number' in frame ? frame.number : ''}`,
  );

describe('Inbox', () => {
  const given = (inbox: Inbox, frames: Parameters<Inbox['take']>[1][]) =>
    frames.flatMap((frame) => {
      const { content } = inbox.take('ada', frame, 0);
      return content ? [dataOf(content)] : [];
    });

  it('gives each message once, in order', () => {
    const inbox = new Inbox();
    expect(given(inbox, [numbered(0), numbered(1), numbered(0), numbered(1), numbered(2)])).toEqual(['0', '1', '2']);
    expect(given(inbox, [numbered(0, kRun, 'one'), numbered(0, 8)])).toEqual(['0', '0']);
    expect(given(inbox, [numbered(2), numbered(3)])).toEqual(['3']);
  });

  it('asks for what is missing, at most twice a second, and leaves what comes too early', () => {
    const inbox = new Inbox();
    inbox.take('ada', numbered(0), 0);
    expect(inbox.take('ada', numbered(2), 0)).toEqual({ ask: receipt(1, true) });
    expect(inbox.take('ada', numbered(3), 499)).toEqual({});
    expect(inbox.take('ada', numbered(4), 500)).toEqual({ ask: receipt(1, true) });
    expect(given(inbox, [numbered(1), numbered(2)])).toEqual(['1', '2']);
  });

  it('asks where to begin, and is told', () => {
    const inbox = new Inbox();
    expect(inbox.take('ada', numbered(5), 0)).toEqual({ ask: receipt(undefined, true) });
    expect(given(inbox, [mark(5), numbered(5), mark(3), numbered(6)])).toEqual(['5', '6']);
    expect(given(inbox, [mark(9), numbered(8), numbered(9)])).toEqual(['9']);
  });

  it('confirms what has come, once, and forgets who has left', () => {
    const inbox = new Inbox();
    given(inbox, [numbered(0), numbered(1)]);
    expect(inbox.takeReceipts()).toEqual([{ sid: 'ada', receipt: receipt(2) }]);
    expect(inbox.takeReceipts()).toEqual([]);
    given(inbox, [numbered(1)]);
    expect(inbox.takeReceipts()).toHaveLength(1);
    inbox.forget('ada');
    expect(inbox.takeReceipts()).toEqual([]);
  });

  it('remembers the last runs of one who reloads, and no more', () => {
    const inbox = new Inbox();
    for (let run = 0; run < 1000; ++run) inbox.take('ada', numbered(0, run), 0);
    expect(inbox.takeReceipts()).toHaveLength(4);
  });
});

describe('Outbox', () => {
  const filled = (count: number) => {
    const outbox = new Outbox(kRun);
    for (let i = 0; i < count; ++i) outbox.addForAll(text(String(i)), ['bob', 'cy'], 0);
    return outbox;
  };

  it('owes everybody a message until they confirm it', () => {
    const outbox = filled(3);
    expect([outbox.owed('bob'), outbox.owed('cy'), outbox.owed('dee')]).toEqual([3, 3, 0]);
    expect(outbox.confirm('bob', receipt(2), 0)).toBe(false);
    expect(outbox.confirm('bob', receipt(1), 0)).toBe(false);
    expect(outbox.confirm('cy', receipt(3, false, 8), 0)).toBe(false);
    expect([outbox.owed('bob'), outbox.owed('cy'), outbox.isEmpty]).toEqual([1, 3, false]);
    outbox.confirm('bob', receipt(3), 0);
    outbox.forget('cy');
    expect(outbox.isEmpty).toBe(true);
  });

  it('sends again what is owed, behind a mark of where that begins', () => {
    const outbox = filled(3);
    outbox.addForOne(text('psst'), 'bob', 0);
    outbox.confirm('bob', receipt(1), 0);
    expect(texts(outbox.again('bob', 0))).toEqual(['mark 1', '1', '2', 'mark 0', 'psst']);
    expect(texts(outbox.again('dee', 0))).toEqual(['mark 3', 'mark 0']);
  });

  it('sends again to who asks, not more often than that helps', () => {
    const outbox = filled(1);
    expect(outbox.confirm('bob', receipt(undefined, true), 1000)).toBe(true);
    outbox.again('bob', 1000);
    expect(outbox.confirm('bob', receipt(undefined, true), 1399)).toBe(false);
    expect(outbox.confirm('bob', receipt(undefined, true), 1400)).toBe(true);
  });

  it('sends again to who is silent, ever more seldom', () => {
    const outbox = filled(1);
    expect(outbox.takeLate(kPatience - 1)).toEqual([]);
    expect(outbox.takeLate(kPatience)).toEqual(['bob', 'cy']);
    expect(outbox.takeLate(3 * kPatience - 1)).toEqual([]);
    outbox.confirm('bob', receipt(1), 3 * kPatience);
    expect(outbox.takeLate(3 * kPatience)).toEqual(['cy']);
    outbox.addForAll(text('1'), ['bob'], 4 * kPatience);
    expect(outbox.takeLate(5 * kPatience)).toEqual(['bob']);
  });

  it('sends much again in parts, each when the one before is confirmed', () => {
    const outbox = filled(250);
    expect(texts(outbox.again('bob', 0)).at(-2)).toBe('99');
    expect(outbox.confirm('bob', receipt(99), 0)).toBe(false);
    expect(outbox.confirm('bob', receipt(100), 0)).toBe(true);
    expect(texts(outbox.again('bob', 0)).slice(0, 2)).toEqual(['mark 100', '100']);
    expect(outbox.confirm('bob', receipt(200), 0)).toBe(true);
    expect(texts(outbox.again('bob', 0)).at(-2)).toBe('249');
    expect(outbox.confirm('bob', receipt(250), 0)).toBe(false);
  });

  it('gives up the oldest of who confirms nothing', () => {
    const outbox = filled(kMaxOwed + 10);
    expect([outbox.owed('bob'), texts(outbox.again('bob', 0))[0]]).toEqual([kMaxOwed, 'mark 10']);
    const large = new Outbox(kRun);
    for (let i = 0; i < 40; ++i) large.addForOne(text('x'.repeat(kMaxOwedBytes / 32)), 'bob', 0);
    expect(large.owed('bob')).toBe(32);
    expect(texts(large.again('bob', 0))[1]).toBe('mark 8');
  });
});

describe('Outbox and Inbox', () => {
  it('bring everything once and in order over ways that lose, double and break', () => {
    for (let seed = 1; seed <= 20; ++seed) {
      const random = seeded(seed);
      const [outbox, inbox] = [new Outbox(kRun), new Inbox()];
      const got: string[] = [];
      let sent = 0;
      const carry = (frames: readonly Frame[], now: number) => {
        for (const frame of frames) {
          const copies = random() < 0.3 ? 0 : random() < 0.2 ? 2 : 1;
          for (let copy = 0; copy < copies; ++copy) {
            if (frame.type !== 'numbered' && frame.type !== 'mark') continue;
            const { content, ask } = inbox.take('ada', frame, now);
            if (content) got.push(String(dataOf(content)));
            if (ask && random() < 0.7 && outbox.confirm('bob', ask, now)) carry(outbox.again('bob', now), now);
          }
        }
      };
      for (let now = 0; now < 2_000_000 && (sent < 300 || !outbox.isEmpty); now += 100) {
        if (sent < 300) carry([outbox.addForAll(text(String(sent++)), ['bob'], now)], now);
        for (const sid of outbox.takeLate(now)) carry(outbox.again(sid, now), now);
        if (now % 500 !== 0) continue;
        for (const due of inbox.takeReceipts()) if (random() < 0.7) outbox.confirm('bob', due.receipt, now);
      }
      expect(got, `seed ${seed}`).toEqual(Array.from({ length: 300 }, (_none, index) => String(index)));
    }
  });
});
