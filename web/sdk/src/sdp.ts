/**
 * The two facts of a description that negotiation needs: which peer connection wrote it, and which
 * ICE session its candidates belong to; and the one change of it: which candidates are left out.
 */

/** The session id of the `o=` line (RFC 8866, 5.2): one peer connection keeps it for life (RFC 9429, 5.2.2). */
export function sessionIdOf(sdp: string): string | undefined {
  return /^o=\S+ (\S+)/m.exec(sdp)?.[1];
}

/** Without the candidates over TCP (RFC 6544, 4.5). */
export function withoutTcp(sdp: string): string {
  return sdp.replace(/^a=candidate:\S+ \d+ tcp .*\r?\n/gim, '');
}

/** Every `ice-ufrag` of the description (RFC 8839, 5.4). */
export function ufragsOf(sdp: string): Set<string> {
  return new Set([...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].map((match) => match[1] ?? ''));
}
