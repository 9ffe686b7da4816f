import { describe, expect, it } from 'vitest';
import {
  kFirstTrial,
  kLookInterval,
  kMaxTrial,
  PathGuard,
  type PathAction,
  type PathRole,
  type PathSample,
} from './path_guard';
import { seeded } from './testing/random';

const kMinute = 60_000;

/** A network to play with: what is written here is what the guard sees, a look a second. */
class Played {
  now = 1000;
  udp: 'fine' | 'lossy' | 'slow' | 'blocked' = 'fine';
  /** What media goes by. */
  transport: 'udp' | 'tcp' = 'udp';
  /** Whether the other side sends anything. */
  peerIsThere = true;
  /** Whether the path that is used is answered, though nothing is sent by it. */
  answered = false;
  /** Whether we send anything. */
  weSend = true;
  /** Whether it is our end's UDP that suffers; a trial sees nothing else. */
  ours = true;
  hasTcp = true;
  /** Whether the browser stays on a path over UDP as long as it answers. */
  sticky = false;
  readonly guard: PathGuard;
  readonly actions: { at: number; action: PathAction }[] = [];
  #carried = 0;
  #answers = 0;
  #sent = 0;
  #changing: { at: number; to: 'udp' | 'tcp' } | undefined;
  #trial: { at: number; carries: boolean } | undefined;

  constructor(role: PathRole = 'first') {
    this.guard = new PathGuard(() => this.hasTcp, role);
  }

  /** Lets time pass. ICE takes a second to restart, a trial takes two. */
  run(milliseconds: number): this {
    for (const end = this.now + milliseconds; this.now < end;) {
      this.now += kLookInterval;
      if (this.#changing && this.now >= this.#changing.at) this.transport = this.#changing.to;
      if (this.#trial && this.now >= this.#trial.at) {
        const { carries } = this.#trial;
        this.#trial = undefined;
        this.act(this.guard.handleTrial(this.now, carries));
      }
      this.act(this.guard.handleSample(this.now, this.sample()));
    }
    return this;
  }

  take(): PathAction[] {
    return this.actions.splice(0).map(({ action }) => action);
  }

  private sample(): PathSample {
    const dead = this.transport === 'udp' && this.udp === 'blocked';
    if (!dead && this.peerIsThere) this.#carried += 5000;
    if (this.answered) this.#answers += 1;
    if (this.weSend) this.#sent += 50;
    const suffers = this.transport === 'udp';
    return {
      transport: this.transport,
      arrived: this.#carried + this.#answers,
      carried: this.#carried,
      sent: this.#sent,
      loss: suffers && this.udp === 'lossy' ? 0.3 : 0,
      roundTripTime: suffers && this.udp === 'slow' ? 1800 : 40,
    };
  }

  private act(action: PathAction | undefined): void {
    if (!action) return;
    this.actions.push({ at: this.now, action });
    const ok = !this.ours || this.udp === 'fine';
    if (action === 'try-udp') this.#trial = { at: this.now + 2000, carries: ok };
    else if (action === 'avoid-udp' && this.sticky) return;
    else if (action === 'avoid-udp' || action === 'replace' || this.udp === 'blocked')
      this.#changing = { at: this.now + 1000, to: 'tcp' };
    else this.#changing = { at: this.now + 1000, to: 'udp' };
  }
}

const kKinds = ['fine', 'lossy', 'slow', 'blocked'] as const;
const gapsOf = (times: readonly number[]) => times.slice(1).map((at, index) => at - (times[index] ?? 0));
const moves = (actions: readonly PathAction[]) => actions.filter((action) => action !== 'try-udp');

describe('PathGuard', () => {
  it('leaves a good path alone, for hours', () => {
    const played = new Played().run(120 * kMinute);
    expect(played.take()).toEqual([]);
  });

  it('restarts within three seconds where nothing arrives any more, and media is back on TCP', () => {
    const played = new Played().run(20_000);
    played.udp = 'blocked';
    const cut = played.now;
    played.run(4000);
    expect(played.actions.map(({ action, at }) => [action, at - cut])).toEqual([['restart', 2000]]);
    expect(played.transport).toBe('tcp');
    expect(played.guard.servers).toBe('all');
  });

  it('restarts a second later on the polite side, so that one offer is enough', () => {
    const polite = new PathGuard(() => true, 'polite');
    const acts = [];
    for (let now = 1000; now <= 20_000; now += kLookInterval) {
      const sample = {
        transport: 'udp',
        arrived: Math.min(now, 10_000),
        carried: 0,
        sent: 0,
        loss: 0,
        roundTripTime: 40,
      } as const;
      const action = polite.handleSample(now, sample);
      if (action) acts.push([now, action]);
    }
    expect(acts).toEqual([[13_000, 'restart']]);
  });

  it('goes back to UDP when two trials in a row were good', () => {
    const played = new Played().run(20_000);
    played.udp = 'blocked';
    played.run(30_000);
    expect(played.take()).toEqual(['restart', 'try-udp']);
    played.udp = 'fine';
    const mended = played.now;
    played.run(30_000);
    expect(played.actions.map(({ action }) => action)).toEqual(['try-udp', 'try-udp', 'restart']);
    expect((played.actions[2]?.at ?? Infinity) - mended).toBeLessThan(25_000);
    expect(played.transport).toBe('udp');
    played.take();
    expect(played.run(10 * kMinute).take()).toEqual([]);
  });

  it.each(['lossy', 'slow'] as const)('avoids UDP that has become %s, once a trial has found it to blame', (how) => {
    const played = new Played().run(20_000);
    played.udp = how;
    const spoilt = played.now;
    played.run(8000);
    expect(played.actions.map(({ action }) => action)).toEqual(['try-udp', 'avoid-udp']);
    expect((played.actions[1]?.at ?? Infinity) - spoilt).toBeLessThanOrEqual(7000);
    expect([played.transport, played.guard.servers]).toEqual(['tcp', 'tcp']);
    played.udp = 'fine';
    played.run(30_000);
    expect([played.transport, played.guard.servers]).toEqual(['udp', 'all']);
  });

  it('goes back by the servers without TCP, and afterwards by all', () => {
    const played = new Played();
    played.transport = 'tcp';
    const before = played.run(kFirstTrial - 2000).guard.servers;
    while (played.transport === 'tcp' && !played.actions.some(({ action }) => action === 'restart'))
      played.run(kLookInterval);
    expect([before, played.guard.servers]).toEqual(['all', 'but-tcp']);
    played.run(5000);
    expect([played.transport, played.guard.servers]).toEqual(['udp', 'all']);
  });

  it('asks for a new connection where the browser stays on the UDP that is to be avoided', () => {
    const played = new Played().run(20_000);
    played.sticky = true;
    played.udp = 'lossy';
    played.run(20_000);
    expect(played.take().slice(0, 3)).toEqual(['try-udp', 'avoid-udp', 'replace']);
    expect([played.transport, played.guard.servers]).toEqual(['tcp', 'tcp']);
    played.udp = 'fine';
    played.run(60_000);
    expect([played.transport, played.guard.servers]).toEqual(['udp', 'all']);
  });

  it('gives the other side time to move where its UDP is to blame, and moves if it does not', () => {
    const played = new Played().run(20_000);
    played.udp = 'lossy';
    played.ours = false;
    played.run(12_000);
    expect(played.take()).toEqual(['try-udp']);
    played.run(10_000);
    expect(played.take()).toEqual(['avoid-udp']);
  });

  it('stays on UDP to the server where others lose on theirs, and tries it again and again', () => {
    const played = new Played('sole').run(20_000);
    played.udp = 'lossy';
    played.ours = false;
    const actions = played.run(2 * kMinute).take();
    expect(actions.length).toBeGreaterThan(4);
    expect(moves(actions)).toEqual([]);
    played.ours = true;
    expect(moves(played.run(25_000).take())).toEqual(['avoid-udp']);
  });

  it('is owed nothing by the server while it sends nothing, and an answer while it does', () => {
    const played = new Played('sole').run(20_000);
    played.weSend = false;
    played.peerIsThere = false;
    expect(played.run(kMinute).take()).toEqual([]);
    played.weSend = played.peerIsThere = true;
    played.run(20_000);
    played.peerIsThere = false;
    played.answered = true;
    expect(played.run(4000).take()).toEqual(['restart']);
    expect(played.run(kMinute).take().length).toBeLessThan(5); // At 5, 15 and 35 s.
  });

  it('passes over a bad moment, and over many of them far apart', () => {
    const played = new Played().run(20_000);
    for (let round = 0; round < 20; ++round) {
      played.udp = 'lossy';
      played.run(3000);
      played.udp = 'fine';
      played.run(9000);
    }
    expect(played.take()).toEqual([]);
  });

  it('does not call a line bad that always was long', () => {
    const played = new Played();
    const sample: PathSample = { transport: 'udp', arrived: 0, carried: 0, sent: 0, loss: 0, roundTripTime: 1200 };
    for (let look = 1; look < 100; ++look) {
      played.now += kLookInterval;
      expect(played.guard.handleSample(played.now, { ...sample, arrived: look })).toBeUndefined();
    }
  });

  it('stays on a bad line where there is nothing else', () => {
    const played = new Played();
    played.hasTcp = false;
    played.udp = 'lossy';
    expect(played.run(2 * kMinute).take()).toEqual([]);
  });

  it('tries UDP ever more seldom where it stays blocked, and never gives up', () => {
    const played = new Played();
    played.udp = 'blocked';
    played.transport = 'tcp'; // From the beginning.
    played.run(60 * kMinute);
    const times = played.actions.map(({ at }) => at);
    expect(played.take().every((action) => action === 'try-udp')).toBe(true);
    const gaps = gapsOf(times);
    expect(times[0]).toBeLessThanOrEqual(kFirstTrial + 3000);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(kMaxTrial);
    expect(times.length).toBeGreaterThan(12);
  });

  it('does not flap on UDP that is well in every trial and fails every time it is used', () => {
    const played = new Played().run(20_000);
    for (let second = 0; second < 3600; ++second) {
      if (played.transport === 'tcp') played.udp = 'fine';
      else if (second % 10 === 0) played.udp = 'blocked';
      played.run(1000);
    }
    expect(moves(played.take()).length).toBeLessThan(30);
  });

  it('comes to rest whatever the network does, and never moves without a pause', () => {
    for (let seed = 1; seed <= 100; ++seed) {
      const random = seeded(seed);
      const played = new Played();
      for (let step = 0; step < 60; ++step) {
        played.udp = kKinds[Math.floor(random() * kKinds.length)] ?? 'fine';
        played.ours = random() < 0.7;
        played.run(1000 + random() * 30_000);
      }
      const times = played.actions.filter(({ action }) => action !== 'try-udp').map(({ at }) => at);
      const gaps = gapsOf(times);
      expect(Math.min(...gaps, Infinity), `seed ${seed}`).toBeGreaterThanOrEqual(5000);
      played.udp = 'fine';
      played.run(30 * kMinute).take();
      expect([played.transport, played.guard.servers], `seed ${seed}`).toEqual(['udp', 'all']);
      expect(played.run(30 * kMinute).take(), `seed ${seed}`).toEqual([]);
    }
  });

  it('does not go on restarting while the other side is gone', () => {
    const played = new Played().run(20_000);
    played.peerIsThere = false;
    played.run(10 * kMinute);
    expect(played.take()).toEqual(['restart']);
  });

  it('does not take for a silence that hardly anything is sent', () => {
    const played = new Played();
    for (let round = 0; round < 100; ++round) {
      played.peerIsThere = round % 3 === 0;
      played.run(1000);
    }
    expect(played.take()).toEqual([]);
  });

  it('judges nothing right after the computer has slept', () => {
    const played = new Played().run(20_000);
    played.peerIsThere = false;
    played.now += kMinute;
    expect(played.run(3000).take()).toEqual([]);
  });

  it('avoids nothing any more once the browser found the path broken', () => {
    const played = new Played().run(20_000);
    played.udp = 'lossy';
    played.run(9000);
    expect(played.guard.servers).toBe('tcp');
    played.guard.handleFailure(played.now);
    expect(played.guard.servers).toBe('all');
  });
});
