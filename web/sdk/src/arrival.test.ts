import { describe, expect, it } from 'vitest';
import { Arrival } from './arrival';
import type { MediaPath } from './media_path';
import type { Source } from './protocol';

/** A path by which these sources come, each in the section of its place. */
function pathOf(...sources: Source[]): MediaPath {
  const receivers = new Map(sources.map((source) => [source, {} as RTCRtpReceiver]));
  const transceivers = [...receivers.values()].map((receiver, index) => ({ mid: String(index), receiver }));
  return {
    ...{ way: 'server', state: 'connected', receivers },
    peerConnection: { getTransceivers: () => transceivers } as unknown as RTCPeerConnection,
    openChannel: () => undefined,
    report: () => Promise.resolve([]),
  };
}
const inbound = (mid: string, framesDecoded: number, packetsReceived = framesDecoded) => ({
  ...{ type: 'inbound-rtp', mid, framesDecoded, packetsReceived },
});

describe('Arrival', () => {
  it('counts what comes after the first look: before, a slot may have shown somebody else', () => {
    const [arrival, path] = [new Arrival(), pathOf('camera')];
    arrival.look(path, [inbound('0', 500)]);
    expect(arrival.has(['camera'])).toBe(false);
    arrival.look(path, [inbound('0', 500, 900)]); // Packets, but no picture yet.
    expect(arrival.has(['camera'])).toBe(false);
    arrival.look(path, [inbound('0', 501)]);
    expect(arrival.has(['camera'])).toBe(true);
  });

  it('wants every source that is expected, each by its own section', () => {
    const [arrival, path] = [new Arrival(), pathOf('microphone', 'camera')];
    for (const count of [0, 1]) arrival.look(path, [inbound('0', 0, count), inbound('1', 0), inbound('9', count)]);
    expect([arrival.has([]), arrival.has(['microphone']), arrival.has(['microphone', 'camera'])]).toEqual([
      ...[true, true, false],
    ]);
  });
});
