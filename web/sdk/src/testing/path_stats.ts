/** What `getStats()` gives of a path by a relay; `at` grows as long as anything arrives. */
export function statsOf({ at, lossOut, relayProtocol }: { at: number; lossOut: number; relayProtocol: string }) {
  return new Map<string, Readonly<Record<string, unknown>>>([
    ['T', { id: 'T', type: 'transport', selectedCandidatePairId: 'P' }],
    ['P', { id: 'P', type: 'candidate-pair', localCandidateId: 'L', bytesReceived: at, currentRoundTripTime: 0.04 }],
    ['L', { id: 'L', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol }],
    ['R', { id: 'R', type: 'remote-inbound-rtp', fractionLost: lossOut }],
  ]);
}
