import { describe, expect, it } from 'vitest';
import { readPath } from './path_reading';

const pair = (more: object) => ({ id: 'P', type: 'candidate-pair', localCandidateId: 'L', selected: true, ...more });
const local = (more: object) => ({ id: 'L', type: 'local-candidate', ...more });
const inbound = (packetsReceived: number, packetsLost: number) => ({
  type: 'inbound-rtp',
  packetsReceived,
  packetsLost,
});

describe('readPath', () => {
  it.each([
    [{ candidateType: 'host', protocol: 'udp' }, 'udp'],
    [{ candidateType: 'host', protocol: 'tcp' }, 'tcp'],
    [{ candidateType: 'relay', protocol: 'udp', relayProtocol: 'udp' }, 'udp'],
    [{ candidateType: 'relay', protocol: 'udp', relayProtocol: 'tcp' }, 'tcp'],
    [{ candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' }, 'tcp'],
  ])('takes %j for %s', (candidate, transport) => {
    expect(readPath([pair({}), local(candidate)], undefined).sample.transport).toBe(transport);
  });

  it('counts answers to checks as well as media, so that a path without media is alive', () => {
    const first = readPath([pair({ bytesReceived: 10, responsesReceived: 1 })], undefined);
    const second = readPath([pair({ bytesReceived: 10, responsesReceived: 2 })], first);
    expect(second.sample.arrived).toBeGreaterThan(first.sample.arrived);
  });

  it('counts what is sent, whatever it shows', () => {
    const outbound = (packetsSent: number) => ({ type: 'outbound-rtp', packetsSent });
    expect(readPath([pair({}), outbound(40), outbound(2)], undefined).sample.sent).toBe(42);
  });

  it('tells the loss since the last look, and the worse of the two directions', () => {
    const first = readPath([pair({}), inbound(1000, 500)], undefined);
    expect(first.sample.loss).toBe(0);
    const second = readPath([pair({}), inbound(1090, 510)], first);
    expect(second.sample.loss).toBeCloseTo(0.1);
    const out = { type: 'remote-inbound-rtp', fractionLost: 0.4 };
    expect(readPath([pair({ currentRoundTripTime: 0.25 }), inbound(1180, 520), out], second).sample).toMatchObject({
      loss: 0.4,
      roundTripTime: 250,
    });
  });

  it('knows of no path before there is one', () => {
    expect(readPath([], undefined).sample).toMatchObject({ transport: undefined, arrived: 0, loss: 0 });
  });
});
