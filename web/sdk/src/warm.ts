/**
 * A peer connection made ahead of time. The first one of a page costs tens of milliseconds (the
 * browser starts its network and media threads), which need not be spent between click and picture.
 */
const kFixed: RTCConfiguration = { bundlePolicy: 'max-bundle' };
let spare: RTCPeerConnection | undefined;

/** Makes a spare connection unless there is one. Without WebRTC it does nothing. */
export function warmUp(): void {
  if (typeof RTCPeerConnection === 'undefined') return;
  spare ??= new RTCPeerConnection(kFixed);
}

/** A fresh connection with these servers: the spare one if there is one. */
export function takePeerConnection(iceServers: RTCIceServer[]): RTCPeerConnection {
  const pc = spare ?? new RTCPeerConnection(kFixed);
  spare = undefined;
  pc.setConfiguration({ ...kFixed, iceServers });
  return pc;
}
