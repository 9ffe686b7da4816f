/** What was found out about the ways between this browser and a server. Plain data: it can be stored and sent. */
export interface Findings {
  readonly page: PageFinding;
  readonly server?: ServerFinding;
  readonly websocket?: DoorFinding;
  readonly polling?: DoorFinding;
  readonly addresses?: AddressFinding;
  readonly relays?: Readonly<Partial<Record<Transport, RelayFinding>>>;
}

/** How the client reaches the relay. */
export type Transport = 'udp' | 'tcp' | 'tls';
export const kTransports: readonly Transport[] = ['udp', 'tcp', 'tls'];

export interface PageFinding {
  /** Of the server, as the browser reaches it. */
  readonly origin: string;
  /** Whether it may use camera and microphone: HTTPS, or this computer itself. */
  readonly secure: boolean;
  readonly webrtc: boolean;
  readonly online: boolean;
}

export interface ServerFinding {
  /**
   * - `refused`: only for who is logged in
   * - `missing`: it answers, and knows nothing of a doctor
   * - `busy`: it answers, but not now
   * - `unreachable`: it does not answer
   */
  readonly state: 'ok' | 'refused' | 'missing' | 'busy' | 'unreachable';
  readonly info?: DoctorInfo;
  /** Of one small request on an open connection, median, in milliseconds. */
  readonly roundTrip?: number;
}

/** The answer of `GET /api/doctor` (docs/api.md). */
export interface DoctorInfo {
  readonly address: string;
  readonly port: number;
  readonly scheme: string;
  readonly iceServers: readonly { urls: string[]; username?: string; credential?: string }[];
  readonly ports: {
    readonly http: number | null;
    readonly https: number | null;
    readonly stun: number | null;
    readonly turnTls: number | null;
    readonly media: readonly number[];
  };
  readonly singlePort: boolean;
  readonly publicAddress: string | null;
  readonly warnings: readonly string[];
}

/** A way for signalling; `took` in milliseconds. */
export interface DoorFinding {
  readonly works: boolean;
  readonly took?: number;
}

/**
 * What the network makes of our address (RFC 4787, 4.1):
 * - `none`: nothing, the server sees the one we have
 * - `independent`: another, the same towards everyone
 * - `dependent`: another towards each: nobody can be told how to reach us ("symmetric")
 * - `blocked`: no UDP gets out, or none comes back
 * - `unknown`: there are no two servers to compare
 */
export type NatKind = 'none' | 'independent' | 'dependent' | 'blocked' | 'unknown';

export type Family = 'IPv4' | 'IPv6';

export interface AddressFinding {
  /** Kinds of ICE candidates that came up. */
  readonly types: readonly RTCIceCandidateType[];
  readonly families: readonly Family[];
  /** Our addresses as the server sees them. */
  readonly mapped: readonly { readonly address: string; readonly port: number; readonly family: Family }[];
  /** Whether STUN answered over UDP; undefined where the server has none. */
  readonly stun?: boolean;
  readonly media: readonly { readonly port: number; readonly reachable: boolean }[];
  readonly nat: NatKind;
}

export interface RelayFinding {
  readonly url: string;
  /**
   * - `refused`: the relay said no; `errors` say why
   * - `silent`: no relayed address came
   * - `dead-end`: one came, and nothing gets through it
   */
  readonly state: 'works' | 'refused' | 'silent' | 'dead-end';
  /** From nothing to an open channel, in milliseconds. */
  readonly took?: number;
  /** To the relay and back, of small packets: median, and mean change from one to the next, in milliseconds. */
  readonly roundTrip?: number;
  readonly jitter?: number;
  /** Of small packets, there and back, in percent. */
  readonly loss?: number;
  /** There and back at the same time, in Mbit/s. */
  readonly bandwidth?: number;
  readonly errors: readonly RelayError[];
}

/** `RTCPeerConnectionIceErrorEvent`: STUN and TURN error codes (RFC 8489, 8656); 701 where nothing answered. */
export interface RelayError {
  readonly code: number;
  readonly text: string;
}

/** For others to read: without the login for the relay. */
export function withoutLogins(findings: Findings): Findings {
  const { server } = findings;
  if (!server?.info) return findings;
  const iceServers = server.info.iceServers.map(({ urls }) => ({ urls }));
  return { ...findings, server: { ...server, info: { ...server.info, iceServers } } };
}
