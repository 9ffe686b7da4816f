import { isPrivate } from './addresses';
import type { DoctorInfo, Findings } from './findings';
import { hasUdp, portFor } from './judge_relays';
import { allow, bestRelay, type Draft } from './draft';

/** Whether two people meet without the relay. */
export function judgeAddresses(findings: Findings, info: DoctorInfo, draft: Draft): void {
  const { addresses, relays } = findings;
  if (!addresses) return;
  if (addresses.stun === undefined) {
    draft.say('limit', 'no-stun');
    draft.fix('enable-stun', '[stun]\nlisten = "[::]:3478"');
    return;
  }
  if (!hasUdp(findings)) {
    draft.say('note', 'udp-blocked');
    return;
  }
  if (addresses.nat === 'dependent') {
    if (bestRelay(relays)) draft.say('note', 'symmetric');
  } else if (addresses.nat !== 'unknown') {
    draft.say('good', 'direct');
  }
  judgePorts(findings, info, draft);
  judgeWays(findings, info, draft);
}

// A firewall may let 3478 through, and nothing that it does not know.
function judgePorts({ addresses }: Findings, info: DoctorInfo, draft: Draft): void {
  const closed = addresses?.media.filter(({ reachable }) => !reachable) ?? [];
  if (closed.length > 0) {
    const { media } = info.ports;
    const range = media.length > 1 ? `${Math.min(...media)}:${Math.max(...media)}` : `${media[0]}`;
    draft.say('limit', 'media-blocked', range.replace(':', '–'));
    draft.fix('open-media', allow(range, 'udp'));
  }
  if (addresses?.stun === false) draft.fix('open-stun', allow(portFor(info, 'udp'), 'udp'));
}

// The page comes by a proxy or a VPN, and media by another way: neither tells about the other.
function judgeWays({ addresses }: Findings, { address }: DoctorInfo, draft: Draft): void {
  const isV6 = address.includes(':');
  const same = addresses?.mapped.filter(({ family }) => (family === 'IPv6') === isV6) ?? [];
  const [mapped] = same;
  if (!mapped || isPrivate(address) || isPrivate(mapped.address)) return;
  if (!same.some((one) => one.address === address) && !isV6) draft.say('note', 'other-way', mapped.address);
}
