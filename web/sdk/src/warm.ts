/**
 * The first peer connection of a page costs more than those after it: the browser starts its network
 * and media threads. One made ahead of time pays for that while the server is still thinking.
 *
 * It is not used for a call itself: to give it ICE servers later would mark it for an ICE restart.
 */
let spare: RTCPeerConnection | undefined;
let isWarm = false;

/** Makes the browser ready for peer connections, unless it is. Without WebRTC it does nothing. */
export function warmUp(): void {
  if (isWarm || typeof RTCPeerConnection === 'undefined') return;
  spare = new RTCPeerConnection();
  isWarm = true;
}

/** How every connection of a call is configured; `relay`: by way of the server alone. */
export function configurationOf(iceServers: RTCIceServer[], policy: RTCIceTransportPolicy = 'all'): RTCConfiguration {
  return { iceServers, iceTransportPolicy: policy, bundlePolicy: 'max-bundle' };
}

/** A fresh connection. */
export function makePeerConnection(configuration: RTCConfiguration): RTCPeerConnection {
  const pc = new RTCPeerConnection(configuration);
  isWarm = true;
  spare?.close();
  spare = undefined;
  return pc;
}
