// A participant of a meeting over the server, in a page: a raw RTCPeerConnection and a WebSocket that speak
// docs/protocol.md by hand. Everything that is passed to page.evaluate() stands by itself.

const kSimulcast = [{ rid: 'q', scaleResolutionDownBy: 4 }, { rid: 'h', scaleResolutionDownBy: 2 }, { rid: 'f' }];

// Runs in the page. `tcpOnly` believes none of the server's UDP candidates; `sends: false` only watches.
// `red`: sends and takes sound in RED. `codec`: of pictures; `encodings`: of the camera, whose size is `size`; `more`: other fields of the join.
async function joinInPage(options) {
  const { room, name, tcpOnly = false, sends = true, videoSlots = 4, red = false, codec = 'VP8', encodings, size, more = {} } = options;
  const started = performance.now();
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws`);
  await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
  const acks = new Map();
  const me = { events: [], slots: {}, started, firstFrame: null };
  window.me = me;
  socket.onmessage = ({ data }) => {
    const [event, ...rest] = JSON.parse(data);
    if (event === 'ack') return acks.get(rest[0])(rest[1]);
    me.events.push([event, ...rest]);
    if (event === 'slots') for (const slot of rest[0].slots) me.slots[slot.mid] = slot;
  };
  let id = 0;
  me.ask = (event, body) => new Promise((resolve) => {
    acks.set(++id, resolve);
    socket.send(JSON.stringify([event, body, id]));
  });

  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  me.pc = pc;
  pc.createDataChannel('parley', { negotiated: true, id: 0 });
  const media = sends
    ? await navigator.mediaDevices.getUserMedia({ audio: true, video: { ...size, frameRate: 15 } })
    : new MediaStream();
  const sections = [
    ['microphone', media.getAudioTracks()[0] ?? 'audio', {}],
    ['camera', media.getVideoTracks()[0] ?? 'video', { sendEncodings: encodings }],
    ['screen', 'video', {}],
    ['screen-audio', 'audio', {}],
  ].map(([source, track, init]) => [source, pc.addTransceiver(track, { direction: 'sendonly', ...init })]);
  for (let i = 0; i < 3; ++i) pc.addTransceiver('audio', { direction: 'recvonly' });
  for (let i = 0; i < videoSlots; ++i) pc.addTransceiver('video', { direction: 'recvonly' });
  const preferred = { video: [`video/${codec}`, 'video/rtx'], audio: red ? ['audio/red', 'audio/opus'] : ['audio/opus'] };
  for (const one of pc.getTransceivers()) {
    const { kind } = one.receiver.track;
    const { codecs } = RTCRtpReceiver.getCapabilities(kind);
    one.setCodecPreferences(preferred[kind].flatMap((wanted) => codecs.filter(({ mimeType }) => mimeType === wanted)));
  }
  pc.ontrack = ({ track }) => {
    const element = document.body.appendChild(document.createElement(track.kind));
    Object.assign(element, { srcObject: new MediaStream([track]), autoplay: true });
    if (track.kind === 'video') {
      element.muted = true;
      element.requestVideoFrameCallback(() => { me.firstFrame ??= performance.now() - started; });
    }
  };
  await pc.setLocalDescription();
  const sources = Object.fromEntries(sections.map(([source, { mid }]) => [mid, source]));
  const ack = await me.ask('join', {
    room, name, topology: 'sfu', micinf: sends, vidinf: sends, offer: { sdp: pc.localDescription.sdp, sources }, ...more,
  });
  if (!ack.answer) throw new Error(`no answer: ${JSON.stringify(ack)}`);
  const sdp = tcpOnly ? ack.answer.replace(/^a=candidate:\S+ \d+ udp .*\r\n/gim, '') : ack.answer;
  await pc.setRemoteDescription({ type: 'answer', sdp });
  me.sid = ack.sid;
  return { sid: ack.sid, answer: ack.answer, participants: ack.participants };
}

// Runs in the page: what each slot has played, by whom it shows; and the path.
async function watchInPage() {
  const { me } = window;
  const stats = [...(await me.pc.getStats()).values()];
  const playing = {};
  for (const one of stats) {
    if (one.type !== 'inbound-rtp') continue;
    const sid = me.slots[one.mid]?.sid;
    if (!sid) continue;
    playing[sid] ??= { frames: 0, audio: 0 };
    if (one.kind === 'video') playing[sid].frames += one.framesDecoded ?? 0;
    else playing[sid].audio += one.totalAudioEnergy ?? 0;
  }
  const transport = stats.find(({ type }) => type === 'transport');
  const pair = stats.find(({ id }) => id === transport?.selectedCandidatePairId);
  const local = stats.find(({ id }) => id === pair?.localCandidateId);
  return { playing, protocol: local?.protocol, state: me.pc.connectionState, firstFrame: me.firstFrame, slots: me.slots };
}

export class SfuPage {
  static async join(page, options) {
    const person = new SfuPage();
    person.page = page;
    const usual = { encodings: kSimulcast, size: { width: 640, height: 360 } };
    Object.assign(person, await page.evaluate(joinInPage, { ...usual, ...options }));
    return person;
  }

  watch() {
    return this.page.evaluate(watchInPage);
  }

  ask(event, body) {
    return this.page.evaluate(([name, fields]) => window.me.ask(name, fields), [event, body]);
  }

  // Of the picture that came last.
  width() {
    return this.page.evaluate(async () => {
      const stats = [...(await window.me.pc.getStats()).values()];
      return stats.find(({ type, kind, framesDecoded }) => type === 'inbound-rtp' && kind === 'video' && framesDecoded > 0)?.frameWidth;
    });
  }

  // The names of the events it was told, in order.
  async events() {
    return (await this.page.evaluate(() => window.me.events)).map(([name]) => name);
  }
}
