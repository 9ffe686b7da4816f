import { describe, expect, it } from 'vitest';
import { handQueue } from './hands';
import { judge } from './quality';
import { MutedVoice } from './own_voice';
import { Place } from './place';
import { SpeechTime } from './speech_time';
import { summarize } from './stats';
import { FakeTrack } from './testing/fake_track';

const stats = (more: Record<string, unknown>[]) =>
  summarize(
    [{ type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.05 }, ...more],
    1000,
  ).stats;

describe('The quality of a connection', () => {
  it('is good where nothing is wrong', () => {
    expect(judge('connected', stats([]))).toEqual({ level: 'good', reason: undefined });
  });

  it('is told with what is wrong most', () => {
    const loss = { type: 'inbound-rtp', kind: 'audio', packetsReceived: 80, packetsLost: 20, jitter: 0.06 };
    expect(judge('connected', stats([{ ...loss, packetsLost: 0 }]))).toEqual({ level: 'fair', reason: 'jitter' });
    expect(judge('connected', stats([loss]))).toEqual({ level: 'poor', reason: 'loss' });
    const far = { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.6 };
    expect(judge('connected', summarize([far], 1000).stats)).toEqual({ level: 'poor', reason: 'delay' });
  });

  it('is not theirs to answer for where it is our own picture that is held back', () => {
    for (const reason of ['cpu', 'bandwidth'] as const) {
      const outbound = { type: 'outbound-rtp', kind: 'video', qualityLimitationReason: reason };
      expect(judge('connected', stats([outbound])).level).toBe('good');
    }
  });

  it('is lost while the connection is being rebuilt', () => {
    expect(judge('interrupted', undefined)).toEqual({ level: 'lost', reason: 'interrupted' });
    expect(judge('connecting', undefined).level).toBe('good');
  });
});

describe('SpeechTime', () => {
  it('adds up what was spoken, and tells how long this time', () => {
    const time = new SpeechTime();
    time.update(0, false);
    time.update(1000, true);
    time.update(2000, true);
    expect([time.current(2500), time.total(2500)]).toEqual([1500, 1500]);
    time.update(3000, false);
    time.update(5000, true);
    expect([time.current(5500), time.total(5500)]).toEqual([500, 2500]);
  });
});

describe('MutedVoice', () => {
  it('listens to a clone, so that the muted track stays muted, and stops it with the muting', () => {
    const voice = new MutedVoice();
    const track = new FakeTrack('audio');
    track.enabled = false;
    voice.measure(0, track as unknown as MediaStreamTrack);
    const [clone] = track.clones;
    expect([track.enabled, clone?.enabled]).toEqual([false, true]);
    voice.measure(100, undefined);
    expect([clone?.readyState, track.readyState]).toEqual(['ended', 'live']);
  });
});

describe('handQueue', () => {
  it('puts who was first before the others', () => {
    const others = [
      { sid: 'b', name: 'Bob', hand: 9 },
      { sid: 'c', name: 'Chidi', hand: null },
      { sid: 'd', name: 'Dora', hand: 2 },
    ];
    expect(handQueue({ sid: 'a', name: 'Ada', hand: 5 }, others).map(({ name }) => name)).toEqual([
      'Dora',
      'Ada',
      'Bob',
    ]);
  });
});

describe('Place', () => {
  it('knows nothing before a join, and asks for no role', () => {
    const place = new Place();
    expect([place.self, place.isHost, place.waiting, place.settings.locked]).toEqual([undefined, false, [], false]);
  });
});
