/**
 * The two facts of a description that negotiation needs: which peer connection wrote it, and which
 * ICE session its candidates belong to. SDP is never changed here.
 */

/** The session id of the `o=` line (RFC 8866, 5.2): one peer connection keeps it for life (RFC 9429, 5.2.2). */
export function sessionIdOf(sdp: string): string | undefined {
  return /^o=\S+ (\S+)/m.exec(sdp)?.[1];
}

/** Every `ice-ufrag` of the description (RFC 8839, 5.4). */
export function ufragsOf(sdp: string): Set<string> {
  return new Set([...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].map((match) => match[1] ?? ''));
}
