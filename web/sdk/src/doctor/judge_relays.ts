import type { DoctorInfo, Findings, RelayFinding, Transport } from './findings';
import { kTransports } from './findings';
import { parseServerUrl, stunUrl } from './info';
import { allow, type Draft } from './draft';

/** Of TURN (RFC 8656, 18): what the operator can do something about. */
const kLoginErrors = [401, 438, 441];
const kFullErrors = [486, 508];
const kCertificateLines = `[https]
certificate = "/etc/letsencrypt/live/NAME/fullchain.pem"
key = "/etc/letsencrypt/live/NAME/privkey.pem"`;

/** Whether a call gets through where no direct path does, and over what. */
export function judgeRelays(findings: Findings, info: DoctorInfo, draft: Draft): void {
  const { relays = {} } = findings;
  const works = (transport: Transport) => relays[transport]?.state === 'works';
  if (kTransports.every((transport) => relays[transport] === undefined)) return judgeNone(findings, draft);
  if (works('udp')) {
    draft.say('good', 'relay-udp');
    return judgeFallback(relays, info, draft);
  }
  if (works('tcp') || works('tls')) return judgeDetour(findings, info, draft);
  judgeFailed(findings, info, draft);
}

// The server offers no relay.
function judgeNone({ addresses }: Findings, draft: Draft): void {
  const direct = addresses?.nat === 'none' || addresses?.nat === 'independent' || addresses?.nat === 'unknown';
  draft.say(direct ? 'limit' : 'end', addresses?.nat === 'dependent' ? 'symmetric-no-relay' : 'no-relay');
  if (!direct) draft.advise('other-network');
  draft.fix('enable-turn', '[turn]\nenabled = true');
}

// UDP works: TCP and TLS would help who has none.
function judgeFallback(relays: NonNullable<Findings['relays']>, info: DoctorInfo, draft: Draft): void {
  const [tcp, tls] = [relays.tcp, relays.tls];
  if (tcp && tcp.state !== 'works') openPort('tcp', info, draft);
  if (tls && tls.state !== 'works') openPort('tls', info, draft);
  if (![tcp, tls].some((relay) => relay?.state === 'works')) draft.say('note', 'no-fallback');
}

// Over TCP or TLS alone.
function judgeDetour(findings: Findings, info: DoctorInfo, draft: Draft): void {
  const { relays = {}, addresses } = findings;
  draft.say('limit', relays.tcp?.state === 'works' ? 'relay-tcp' : 'only-tls');
  if (hasUdp(findings)) return judgeRefusal(relays.udp, draft);
  draft.advise('ask-udp', where(info, 'udp'));
  if (relays.udp || addresses?.stun === false) draft.fix('open-stun', allow(portFor(info, 'udp'), 'udp'));
}

function judgeFailed(findings: Findings, info: DoctorInfo, draft: Draft): void {
  const { relays = {}, addresses } = findings;
  const all = kTransports.flatMap((transport) => relays[transport] ?? []);
  const direct = hasUdp(findings) && addresses?.nat !== 'dependent';
  const weight = direct ? 'limit' : 'end';
  const dead = all.some(({ state }) => state === 'dead-end');
  if (dead) draft.say(weight, 'dead-end', info.publicAddress ?? '');
  else if (all.some(({ state }) => state === 'refused'))
    draft.say(weight, isFull(all) ? 'relay-full' : 'relay-refuses');
  else draft.say(weight, direct ? 'relay-fails' : 'no-path');
  if (dead || all.every(({ state }) => state === 'silent')) judgeAddress(findings, info, draft);
  for (const relay of all) judgeRefusal(relay, draft);
  if (dead) return;
  if (!direct) draft.advise('ask-anything', where(info, 'tls'));
  const isSilent = (transport: Transport) => relays[transport]?.state === 'silent';
  if (isSilent('udp') && !hasUdp(findings)) draft.fix('open-stun', allow(portFor(info, 'udp'), 'udp'));
  if (isSilent('tcp')) draft.fix('open-relay-tcp', allow(portFor(info, 'tcp'), 'tcp'));
  if (isSilent('tls')) draft.fix('open-relay-tls', allow(portFor(info, 'tls'), 'tcp'));
  if (!direct && !info.singlePort) draft.fix('single-port', 'single_port = true\n\n[https]\nlisten = "0.0.0.0:443"');
}

// The address that clients are told may not be where the server is.
function judgeAddress({ page }: Findings, { publicAddress }: DoctorInfo, draft: Draft): void {
  const host = new URL(page.origin).hostname.replace(/^\[|\]$/g, '');
  const isAddress = host.includes(':') || /^[\d.]+$/.test(host);
  if (isAddress && host === publicAddress) return;
  if (publicAddress === null && !isAddress) return draft.fix('announced', 'public_address = "ADDRESS"', host);
  draft.fix('announced', `public_address = "${isAddress ? host : 'ADDRESS'}"`, publicAddress ?? host);
}

function judgeRefusal(relay: RelayFinding | undefined, draft: Draft): void {
  if (relay?.state !== 'refused') return;
  if (isFull([relay])) draft.fix('quota', '[turn]\nmax_allocations = 20000');
  else if (relay.errors.some(({ code }) => kLoginErrors.includes(code))) draft.fix('clock', 'timedatectl');
}

// A relay is trusted by its certificate alone: a page may be shown in spite of it, if its reader insists.
function openPort(transport: 'tcp' | 'tls', info: DoctorInfo, draft: Draft): void {
  const isLocal = isLoopback(where(info, transport));
  if (transport === 'tcp' && !isLocal) draft.fix('open-relay-tcp', allow(portFor(info, 'tcp'), 'tcp'));
  if (transport === 'tcp') return;
  draft.fix('certificate', kCertificateLines);
  if (!info.singlePort && !isLocal) draft.fix('open-relay-tls', allow(portFor(info, 'tls'), 'tcp'));
}

function isLoopback(place: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\]):/.test(place);
}

function isFull(relays: readonly RelayFinding[]): boolean {
  return relays.some(({ errors }) => errors.some(({ code }) => kFullErrors.includes(code)));
}

/** Whether any UDP came back. */
export function hasUdp({ addresses, relays }: Findings): boolean {
  return (
    addresses?.stun === true ||
    addresses?.media.some(({ reachable }) => reachable) === true ||
    relays?.udp?.state === 'works'
  );
}

/** The port that a client is told: a firewall may have another name for it behind it. */
export function portFor(info: DoctorInfo, transport: Transport): number {
  const urls = info.iceServers.flatMap(({ urls }) => urls).map(parseServerUrl);
  const told =
    urls.find((url) => url?.kind === transport) ?? (transport === 'udp' && parseServerUrl(stunUrl(info) ?? ''));
  return (told || undefined)?.port ?? (transport === 'tls' ? 5349 : 3478);
}

function where(info: DoctorInfo, transport: Transport): string {
  const urls = info.iceServers.flatMap(({ urls }) => urls).map(parseServerUrl);
  const host = urls.find((url) => url?.kind === transport)?.host ?? urls.find((url) => url)?.host ?? '';
  return `${host}:${portFor(info, transport)}`;
}
