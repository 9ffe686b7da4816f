import { describe, expect, it } from 'vitest';
import { qualityOf, summarize } from './stats';

const report = (bytes: number, packets: number, lost: number) => [
  {
    type: 'inbound-rtp',
    kind: 'video',
    bytesReceived: bytes,
    packetsReceived: packets,
    packetsLost: lost,
    framesDecoded: 90,
    frameWidth: 1280,
    frameHeight: 720,
  },
  { type: 'inbound-rtp', kind: 'audio', bytesReceived: 0, packetsReceived: 0, packetsLost: 0, totalAudioEnergy: 1.5 },
  { type: 'outbound-rtp', kind: 'video', bytesSent: 2 * bytes },
  { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.01 },
  { type: 'candidate-pair', state: 'failed', nominated: false },
  {
    type: 'candidate-pair',
    state: 'succeeded',
    nominated: true,
    currentRoundTripTime: 0.042,
    localCandidateId: 'L',
    remoteCandidateId: 'R',
  },
  { type: 'local-candidate', id: 'L', candidateType: 'host', protocol: 'udp' },
  { type: 'remote-candidate', id: 'R', candidateType: 'prflx' },
];

describe('summarize', () => {
  it('reads totals at the first look, and rates since the last one after that', () => {
    const first = summarize(report(1000, 10, 0), 1000);
    expect(first.stats).toMatchObject({
      bitrateIn: 0,
      framesDecoded: 90,
      audioEnergy: 1.5,
      frameWidth: 1280,
      roundTripTime: 42,
      lossOut: 0.01,
      quality: 'good',
    });
    expect(first.stats.path).toEqual({ local: 'host', remote: 'prflx', protocol: 'udp', way: 'direct' });
    const { stats } = summarize(report(251_000, 100, 10), 3000, first.counters);
    expect([stats.bitrateIn, stats.bitrateOut]).toEqual([1_000_000, 2_000_000]);
    expect(stats.lossIn).toBeCloseTo(0.1);
    expect(stats.quality).toBe('fair');
  });

  it('is not led astray by counters that begin anew', () => {
    const first = summarize(report(1_000_000, 900, 50), 1000);
    const { stats } = summarize(report(1000, 10, 0), 2000, first.counters);
    expect([stats.bitrateIn, stats.lossIn]).toEqual([0, 0]);
  });

  it.each([
    [{ candidateType: 'host' }, { candidateType: 'srflx' }, 'direct'],
    [{ candidateType: 'host' }, { candidateType: 'relay' }, 'relay-udp'],
    [{ candidateType: 'relay', relayProtocol: 'udp' }, { candidateType: 'host' }, 'relay-udp'],
    [{ candidateType: 'relay', relayProtocol: 'tcp' }, { candidateType: 'relay' }, 'relay-tcp'],
    [{ candidateType: 'relay', relayProtocol: 'tls' }, { candidateType: 'relay' }, 'relay-tls'],
  ])('calls the way from %j to %j %s', (local, remote, way) => {
    const reports = [
      { type: 'transport', selectedCandidatePairId: 'P2' },
      { type: 'candidate-pair', id: 'P1', state: 'succeeded', nominated: true }, // Of before an ICE restart.
      { type: 'candidate-pair', id: 'P2', localCandidateId: 'L', remoteCandidateId: 'R' },
      { type: 'local-candidate', id: 'L', protocol: 'udp', ...local },
      { type: 'remote-candidate', id: 'R', ...remote },
    ];
    expect(summarize(reports, 0).stats.path?.way).toBe(way);
  });

  it('knows nothing of a link that is not connected yet', () => {
    expect(summarize([], 0).stats).toMatchObject({
      quality: 'unknown',
      roundTripTime: undefined,
      path: undefined,
      framesDecoded: 0,
    });
  });
});

describe('qualityOf', () => {
  it.each([
    [undefined, 0, 'unknown'],
    [250, 0.03, 'good'],
    [251, 0, 'fair'],
    [10, 0.031, 'fair'],
    [501, 0, 'poor'],
    [10, 0.11, 'poor'],
  ])('calls %s ms with a loss of %s %s', (roundTripTime, loss, quality) => {
    expect(qualityOf(roundTripTime, loss)).toBe(quality);
  });
});
