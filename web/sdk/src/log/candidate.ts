/** One address at which a side may be reached, as its candidate line tells it (RFC 8839, 5.1). */
export interface CandidateInfo {
  /** `host`, `srflx` (seen by a STUN server), `prflx` (seen by the peer) or `relay` (a TURN server's). */
  readonly type: string;
  readonly protocol: string;
  readonly family: AddressFamily;
  readonly address: string;
  readonly port: number;
  readonly priority: number;
  /** Of `srflx`, `prflx` and `relay`: the address behind it. */
  readonly related?: string | undefined;
  /** For `tcp`: `active`, `passive` or `so` (RFC 6544). */
  readonly tcpType?: string | undefined;
  /** The STUN or TURN server that told it, where the browser says so. */
  readonly url?: string | undefined;
  /** Of our own `relay`: what carries packets to the relay, `udp`, `tcp` or `tls`, where the browser says so. */
  readonly relayedBy?: string | undefined;
}

/** `mDNS`: a random name in place of a host's address, which the browser keeps to itself (RFC 8828 and its mDNS draft). */
export type AddressFamily = 'IPv4' | 'IPv6' | 'mDNS' | 'name';

// foundation component transport priority address port "typ" type *(name value)
const kLine = /^(?:a=)?candidate:(\S+) (\d+) (\S+) (\d+) (\S+) (\d+) typ (\S+)(.*)$/i;
const kMaxLine = 1024;

/** Reads a candidate line; undefined if it is none. */
export function parseCandidate(line: string): CandidateInfo | undefined {
  const match = kLine.exec(line.slice(0, kMaxLine).trim());
  if (!match) return undefined;
  const [, , , protocol = '', priority, address = '', port, type = '', rest = ''] = match;
  const extension = (name: string) => new RegExp(` ${name} (\\S+)`, 'i').exec(rest)?.[1];
  const relatedAddress = extension('raddr');
  return {
    type,
    protocol: protocol.toLowerCase(),
    family: familyOf(address),
    address,
    port: Number(port),
    priority: Number(priority),
    related: relatedAddress && `${relatedAddress}:${extension('rport') ?? ''}`,
    tcpType: extension('tcptype'),
  };
}

export function familyOf(address: string): AddressFamily {
  if (address.includes(':')) return 'IPv6';
  if (/^\d+(\.\d+){3}$/.test(address)) return 'IPv4';
  return address.endsWith('.local') ? 'mDNS' : 'name';
}
