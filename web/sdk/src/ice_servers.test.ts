import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IceServers, kRenewTimeout } from './ice_servers';

const kDay = 86_400_000;
const kNow = 1_793_000_000_000;

function servers(ends: number, credential = 'secret'): RTCIceServer[] {
  return [
    { urls: 'stun:meet.example.org:3478' },
    {
      urls: ['turn:h:3478?transport=udp', 'turn:h:3478?transport=tcp', 'turns:h:5349?transport=tcp', 'turn:h'],
      username: `${ends / 1000}:q1Zc`,
      credential,
    },
  ];
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('IceServers', () => {
  it('tells those apart that relay over UDP and over TCP, each with the login', () => {
    const ice = new IceServers();
    expect(ice.relayOverTcp).toBe(false);
    ice.set(servers(kNow + kDay), kNow);
    expect(ice.over('udp')).toMatchObject([{ urls: ['turn:h:3478?transport=udp', 'turn:h'], credential: 'secret' }]);
    expect(ice.over('tcp').map(({ urls }) => urls)).toEqual([
      ['turn:h:3478?transport=tcp', 'turns:h:5349?transport=tcp'],
    ]);
    expect(ice.withoutTcp.map(({ urls }) => urls)).toEqual([
      [ice.current[0]?.urls].flat(),
      ['turn:h:3478?transport=udp', 'turn:h'],
    ]);
    expect([ice.relayOverTcp, ice.current.length]).toEqual([true, 2]);
  });

  it('asks for a login anew when half of its time is over, and once for all who want it', async () => {
    const ask = vi.fn(() => Promise.resolve(servers(kNow + 2 * kDay, 'new')));
    const ice = new IceServers({ ask });
    ice.set(servers(kNow + kDay), kNow);
    expect(ice.renew(kNow + kDay / 2 - 1)).toBeUndefined();
    await Promise.all([ice.renew(kNow + kDay / 2), ice.renew(kNow + kDay / 2)]);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(ice.current[1]?.credential).toBe('new');
    expect(ice.renew(kNow + kDay)).toBeUndefined();
  });

  it('goes by the clock of the server, which may be another', () => {
    const ask = vi.fn(() => Promise.resolve([]));
    const ice = new IceServers({ ask, localTime: (time) => time - kDay });
    ice.set(servers(kNow + 2 * kDay), kNow); // A day from now.
    expect(ice.renew(kNow + kDay / 2 - 1)).toBeUndefined();
    expect(ice.renew(kNow + kDay / 2)).toBeDefined();
  });

  it('makes do with the old ones where the server does not answer, or refuses', async () => {
    const never = () => new Promise<RTCIceServer[]>(() => undefined);
    for (const ask of [never, () => Promise.reject(new Error('offline'))]) {
      const ice = new IceServers({ ask });
      ice.set(servers(kNow + kDay), kNow);
      const renewal = ice.renew(kNow + kDay);
      await vi.advanceTimersByTimeAsync(kRenewTimeout);
      await renewal;
      expect(ice.current[1]?.credential).toBe('secret');
    }
  });

  it('never asks where no login ends', () => {
    const ask = vi.fn(() => Promise.resolve([]));
    const ice = new IceServers({ ask });
    ice.set([{ urls: 'turn:h', username: 'static', credential: 'x' }], kNow);
    expect(ice.renew(kNow + 1000 * kDay)).toBeUndefined();
  });
});
