import { describe, expect, it, vi } from 'vitest';
import { Emitter } from './emitter';
import { readSources } from './link_receivers';
import { applyBudget, cameraBudget } from './mesh_budget';
import { sessionIdOf, ufragsOf } from './sdp';
import { FakeSender, FakeTransceiver } from './testing/fake_peer_connection';
import { VoiceActivity } from './voice_activity';

class Bell extends Emitter<{ ring: number }> {
  ring(times: number): void {
    this.emit('ring', times);
  }
}

describe('Emitter', () => {
  it('calls who listens, once who listens once, and nobody who stopped', () => {
    const bell = new Bell();
    const [always, once, stopped] = [vi.fn(), vi.fn(), vi.fn()];
    bell.on('ring', always);
    bell.once('ring', once);
    bell.on('ring', stopped)();
    bell.ring(1);
    bell.ring(2);
    expect([always.mock.calls, once.mock.calls, stopped.mock.calls]).toEqual([[[1], [2]], [[1]], []]);
  });

  it('lets listeners come and go while it calls them', () => {
    const bell = new Bell();
    const late = vi.fn();
    const stop = bell.on('ring', () => {
      stop();
      bell.on('ring', late);
    });
    bell.ring(1);
    expect(late).not.toHaveBeenCalled();
    bell.ring(2);
    expect(late).toHaveBeenCalledOnce();
  });

  it('calls the others when one throws, and hides nothing', () => {
    const later = vi.fn<(callback: () => void) => void>();
    vi.stubGlobal('queueMicrotask', later);
    const bell = new Bell();
    const other = vi.fn();
    bell.on('ring', () => {
      throw new Error('cracked');
    });
    bell.on('ring', other);
    bell.ring(1);
    expect(other).toHaveBeenCalledOnce();
    expect(later.mock.calls[0]?.[0]).toThrow('cracked');
    vi.unstubAllGlobals();
  });
});

describe('SDP', () => {
  const firefox =
    'v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 5538812023372614221 0 IN IP4 0.0.0.0\r\na=ice-ufrag:1a2b\r\nm=video\r\na=ice-ufrag:ff\r\n';

  it('tells which connection wrote a description, and the ICE sessions in it', () => {
    expect(sessionIdOf(firefox)).toBe('5538812023372614221');
    expect([...ufragsOf(firefox)]).toEqual(['1a2b', 'ff']);
  });

  it('knows nothing of an empty one', () => {
    expect(sessionIdOf('')).toBeUndefined();
    expect(ufragsOf('').size).toBe(0);
  });
});

describe('readSources', () => {
  const transceivers = ['audio', 'video', 'audio', 'video', 'video'].map((kind, mid) => {
    const transceiver = new FakeTransceiver(kind, 'recvonly', null, () => undefined);
    transceiver.mid = String(mid);
    return transceiver as unknown as RTCRtpTransceiver;
  });

  it('takes the sources of the description', () => {
    expect([...readSources({ 1: 'screen' }, transceivers)]).toEqual([['1', 'screen']]);
  });

  it('guesses by order where there are none: a person, then a screen, then no more', () => {
    expect([...readSources(undefined, transceivers).values()]).toEqual([
      'microphone',
      'camera',
      'screen-audio',
      'screen',
    ]);
  });
});

describe('VoiceActivity', () => {
  it('begins at once with a loud sound and outlives the gaps of speech', () => {
    const voice = new VoiceActivity();
    expect(voice.update(0, 0.001)).toBe(false);
    expect(voice.update(100, 0.2)).toBe(true);
    expect(voice.update(600, 0.001)).toBe(true);
    expect(voice.update(701, 0.001)).toBe(false);
  });
});

describe('cameraBudget', () => {
  it('gives each peer less, the more there are, and about one line’s upload in all', () => {
    let before = Infinity;
    for (let peers = 1; peers <= 15; ++peers) {
      const { maxBitrate } = cameraBudget(peers);
      expect(maxBitrate).toBeLessThanOrEqual(before);
      expect(maxBitrate * peers).toBeLessThan(5_000_000);
      before = maxBitrate;
    }
  });

  it('is applied to a sender that is ready, and passes over one that is not', async () => {
    const sender = new FakeSender(null);
    await applyBudget(sender as unknown as RTCRtpSender, cameraBudget(3));
    expect(sender.getParameters().encodings).toEqual([{ maxBitrate: 700_000, scaleResolutionDownBy: 2 }]);
    await expect(applyBudget(undefined, cameraBudget(1))).resolves.toBeUndefined();
  });
});
