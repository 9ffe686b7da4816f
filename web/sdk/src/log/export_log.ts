import type { CandidateInfo } from './candidate';
import type { CallLogFile, LogEntry, PairInfo } from './schema';

/**
 * The text of a log to be given away. ICE passwords never leave; with `hideAddresses` no address does
 * either, and the names of people become letters: what is left still tells why a call was slow.
 */
export function exportCallLog(log: CallLogFile, { hideAddresses = false } = {}): string {
  const cleaned = hideAddresses ? withoutAddresses(log) : log;
  return JSON.stringify(mapDescriptions(cleaned, (sdp) => sdp.replace(/^a=ice-pwd:.*$/gm, 'a=ice-pwd:hidden')));
}

function mapDescriptions(log: CallLogFile, change: (sdp: string) => string): CallLogFile {
  const entryOf = (entry: LogEntry) => (entry.sdp ? { ...entry, sdp: change(entry.sdp) } : entry);
  return {
    ...log,
    connections: log.connections.map((connection) => ({ ...connection, entries: connection.entries.map(entryOf) })),
  };
}

function withoutAddresses(log: CallLogFile): CallLogFile {
  const entryOf = (entry: LogEntry): LogEntry => ({
    ...entry,
    ...(entry.name && { name: '–' }),
    ...(entry.step === 'candidate-error' && { message: '' }),
    ...(entry.candidate && { candidate: hide(entry.candidate) }),
    ...(entry.pair && { pair: { local: hide(entry.pair.local), remote: hide(entry.pair.remote) } }),
  });
  const pairOf = (pair: PairInfo) => ({ ...pair, local: hide(pair.local), remote: hide(pair.remote) });
  const hidden = {
    ...log,
    room: '–',
    name: '–',
    connections: log.connections.map((connection, index) => ({
      ...connection,
      name: connection.kind === 'peer' ? String.fromCharCode(64 + (index % 26 || 26)) : '',
      entries: connection.entries.map(entryOf),
      pairs: connection.pairs.map(pairOf),
    })),
  };
  return mapDescriptions(hidden, hideInSdp);
}

function hide(candidate: CandidateInfo): CandidateInfo {
  return { ...candidate, address: 'hidden', related: undefined, url: undefined };
}

// The connection lines (c=, a=rtcp, o=), and the candidates' addresses and related addresses.
function hideInSdp(sdp: string): string {
  return sdp
    .replace(/\bIN IP[46] \S+/g, 'IN IP4 0.0.0.0')
    .replace(/^(a=candidate:\S+ \d+ \S+ \d+) \S+/gm, '$1 hidden')
    .replace(/ raddr \S+/g, ' raddr hidden');
}
