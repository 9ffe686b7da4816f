// Who publishes by WHIP or plays by WHEP: pages with nothing but fetch() and RTCPeerConnection, and the programs of ../peers.

// Runs in the page, and stands by itself. `headers` are what a page of another origin may read of the answer.
async function openInPage({ url, token, publishes, size = { width: 320, height: 240 }, encodings }) {
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const media = publishes && await navigator.mediaDevices.getUserMedia({ audio: true, video: size });
  for (const kind of ['audio', 'video']) {
    const sendEncodings = kind === 'video' ? encodings : undefined;
    if (publishes) pc.addTransceiver(media.getTracks().find((track) => track.kind === kind), { direction: 'sendonly', streams: [media], sendEncodings });
    else pc.addTransceiver(kind, { direction: 'recvonly' });
  }
  const streams = new Set();
  pc.ontrack = ({ track, streams: [stream] }) => {
    streams.add(stream?.id);
    const element = document.body.appendChild(document.createElement(track.kind));
    Object.assign(element, { srcObject: new MediaStream([track]), autoplay: true, muted: track.kind === 'video' });
  };
  const authorization = token && { Authorization: `Bearer ${token}` };
  await pc.setLocalDescription();
  const response = await fetch(url, {
    method: 'POST', headers: { 'Content-Type': 'application/sdp', ...authorization }, body: pc.localDescription.sdp,
  });
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
  const headers = Object.fromEntries(['location', 'etag', 'link'].map((name) => [name, response.headers.get(name)]));
  await pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  const session = new URL(headers.location, response.url).href;
  window.program = { pc, session, etag: headers.etag, streams };
  return { session, headers };
}

// Runs in the page: its ICE session becomes another.
async function restartInPage() {
  const { pc, session } = window.program;
  pc.restartIce();
  await pc.setLocalDescription();
  const { sdp } = pc.localDescription;
  const line = (name, text) => text.match(new RegExp(`^a=${name}:(.*?)\r?$`, 'm'))[1];
  const response = await fetch(session, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' },
    body: `a=ice-ufrag:${line('ice-ufrag', sdp)}\r\na=ice-pwd:${line('ice-pwd', sdp)}\r\n`,
  });
  const fragment = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${fragment}`);
  let answer = pc.remoteDescription.sdp;
  for (const name of ['ice-ufrag', 'ice-pwd']) {
    answer = answer.replace(new RegExp(`^a=${name}:.*?\r?$`, 'gm'), `a=${name}:${line(name, fragment)}\r`);
  }
  await pc.setRemoteDescription({ type: 'answer', sdp: answer });
  return response.headers.get('etag');
}

// Runs in the page.
async function statsInPage() {
  const { pc, streams } = window.program;
  const seen = { frames: 0, audio: 0, sent: 0, streams: [...streams], inbound: [], state: pc.connectionState };
  for (const one of (await pc.getStats()).values()) {
    if (one.type === 'outbound-rtp') seen.sent += one.packetsSent;
    if (one.type !== 'inbound-rtp') continue;
    if (one.packetsReceived > 0) seen.inbound.push(one.kind);
    if (one.kind === 'video') seen.frames += one.framesDecoded ?? 0;
    else seen.audio += one.totalAudioEnergy ?? 0;
  }
  return seen;
}

export class WhipPage {
  static async open(page, options) {
    const program = new WhipPage();
    program.page = page;
    Object.assign(program, await page.evaluate(openInPage, options));
    return program;
  }

  stats() {
    return this.page.evaluate(statsInPage);
  }

  restart() {
    return this.page.evaluate(restartInPage);
  }

  // By the page, so that its browser asks whether it may.
  end() {
    return this.page.evaluate(async () => (await fetch(window.program.session, { method: 'DELETE' })).status);
  }
}

export const post = (url, sdp, headers) =>
  fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/sdp', ...headers }, body: sdp });

// The program `peer` publishes to `url`, or plays it. Resolves to the session's URL once it is connected.
export async function exchange(peer, url, video = {}) {
  await peer.say('track', { kind: 'audio' });
  await peer.say('track', { kind: 'video', ...video });
  await peer.say('offer');
  const { sdp } = await peer.heard('description');
  const response = await post(url, sdp);
  const answer = await response.text();
  if (response.status !== 201) throw new Error(`${response.status}: ${answer}`);
  await peer.say('description', { type: 'answer', sdp: answer });
  await peer.heard('state', ({ state }) => state === 'connected');
  return new URL(response.headers.get('location'), url).href;
}

// A publisher's whom nothing else is asked of than that a server takes it.
const kCredentials = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';
export const kOffer = [
  'v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1',
  `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`, 'a=setup:actpass',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sendonly', 'a=rtcp-mux', 'a=rtpmap:111 opus/48000/2',
  'm=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=mid:1', 'a=sendonly', 'a=rtcp-mux', 'a=rtcp-mux-only', 'a=rtpmap:96 VP8/90000', '',
].join('\r\n').replace('m=audio', `${kCredentials}m=audio`);
