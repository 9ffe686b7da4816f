import { describe, expect, it, vi } from 'vitest';
import { IceServers } from './ice_servers';
import { UdpTrial } from './udp_trial';

function withServers(urls: string[]): IceServers {
  const ice = new IceServers();
  ice.set([{ urls }], 0);
  return ice;
}

describe('UdpTrial', () => {
  it('is made once for all who ask at once, with the servers that relay over UDP', async () => {
    const measure = vi.fn(() => Promise.resolve(true));
    const trial = new UdpTrial(withServers(['stun:h', 'turn:h', 'turns:h']), measure);
    expect(await Promise.all([trial.run(), trial.run()])).toEqual([true, true]);
    expect(measure.mock.calls).toEqual([[[{ urls: ['turn:h'] }]]]);
    await trial.run();
    expect(measure).toHaveBeenCalledTimes(2);
  });

  it('finds that UDP does not carry where no server relays over it, or the browser refuses', async () => {
    const measure = vi.fn(() => Promise.reject(new Error('no WebRTC')));
    expect(await new UdpTrial(withServers(['turns:h']), measure).run()).toBe(false);
    expect(measure).not.toHaveBeenCalled();
    expect(await new UdpTrial(withServers(['turn:h']), measure).run()).toBe(false);
  });
});
