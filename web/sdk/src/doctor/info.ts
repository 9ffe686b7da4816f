import { kTransports, type DoctorInfo, type Transport } from './findings';

/** Checks what `/api/doctor` answered; undefined where it is something else. */
export function readInfo(body: unknown): DoctorInfo | undefined {
  if (!isObject(body) || !isObject(body['ports']) || !Array.isArray(body['iceServers'])) return undefined;
  const { ports } = body;
  return {
    address: text(body['address']),
    port: port(body['port']) ?? 0,
    scheme: text(body['scheme']),
    iceServers: body['iceServers'].flatMap(readIceServer),
    ports: {
      http: port(ports['http']),
      https: port(ports['https']),
      stun: port(ports['stun']),
      turnTls: port(ports['turnTls']),
      media: list(ports['media']).flatMap((value) => port(value) ?? []),
    },
    singlePort: body['singlePort'] === true,
    publicAddress: typeof body['publicAddress'] === 'string' ? body['publicAddress'] : null,
    warnings: list(body['warnings']).filter((warning) => typeof warning === 'string'),
  };
}

function readIceServer(server: unknown): DoctorInfo['iceServers'][number][] {
  if (!isObject(server)) return [];
  const urls = list(server['urls']).filter((url) => typeof url === 'string');
  const { username, credential } = server;
  if (typeof username !== 'string' || typeof credential !== 'string') return [{ urls }];
  return [{ urls, username, credential }];
}

/** Where a STUN or TURN server is: `turn:[2001:db8::1]:3478?transport=tcp` (RFC 7064, RFC 7065). */
export interface ServerUrl {
  readonly kind: 'stun' | Transport;
  /** An IPv6 address with its brackets. */
  readonly host: string;
  readonly port: number;
}

export function parseServerUrl(url: string): ServerUrl | undefined {
  const match = /^(stun|turns?):(\[[^\]]+\]|[^:?[\]]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/i.exec(url);
  if (!match?.[1] || !match[2]) return undefined;
  const scheme = match[1].toLowerCase();
  const plain = match[4]?.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
  const kind = scheme === 'stun' ? 'stun' : scheme === 'turns' ? 'tls' : plain;
  return { kind, host: match[2], port: Number(match[3] ?? (kind === 'tls' ? 5349 : 3478)) };
}

export function stunUrl(info: DoctorInfo): string | undefined {
  return info.iceServers.flatMap(({ urls }) => urls).find((url) => parseServerUrl(url)?.kind === 'stun');
}

/** How to reach the relay by each transport that the server has. */
export function relayServers(info: DoctorInfo): { transport: Transport; url: string; server: RTCIceServer }[] {
  return kTransports.flatMap((transport) => {
    for (const { urls, ...login } of info.iceServers) {
      const url = urls.find((one) => parseServerUrl(one)?.kind === transport);
      if (url !== undefined) return [{ transport, url, server: { urls: url, ...login } }];
    }
    return [];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function port(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65536 ? value : null;
}
