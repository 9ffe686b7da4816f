// What a page runs to be a peer: window.obey(command) takes the commands of ../peers/README.md, and
// window.told is the list of events. It is sent to the page as text, so it can use nothing from here.
export function browserSide(configuration) {
  const pc = new RTCPeerConnection(configuration);
  const channels = new Map();
  const tracks = []; // To be sent, as soon as there is a section for them.
  let sounds; // The page's AudioContext.
  window.told = [];
  window.pc = pc;
  const tell = (event, members = {}) => window.told.push({ event, ...members });

  pc.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate === '') return; // Firefox says the end twice.
    const { candidate: text, sdpMid, sdpMLineIndex } = candidate ?? { candidate: null, sdpMid: null, sdpMLineIndex: null };
    tell('candidate', { candidate: text, sdpMid, sdpMLineIndex });
  };
  pc.onconnectionstatechange = () => tell('state', { state: pc.connectionState });
  pc.ondatachannel = ({ channel }) => adopt(channel, true);
  pc.ontrack = ({ track }) => {
    const element = document.body.appendChild(document.createElement(track.kind)); // Who plays it decodes it.
    Object.assign(element, { autoplay: true, muted: true, srcObject: new MediaStream([track]) });
    tell('track', { kind: track.kind });
  };

  function adopt(channel, remote) {
    const { label } = channel;
    channels.set(label, channel);
    channel.binaryType = 'arraybuffer';
    const opened = () => tell('channel', { label, id: channel.id, protocol: channel.protocol, ordered: channel.ordered, remote });
    if (channel.readyState === 'open') opened();
    else channel.onopen = opened;
    channel.onclose = () => tell('channelClosed', { label });
    channel.onmessage = ({ data }) => tell('message', { label, ...(typeof data === 'string' ? { text: data } : { base64: encode(data) }) });
  }

  // In pieces: an argument list has no room for a long message.
  const encode = (data) => btoa(Array.from(new Uint8Array(data), (byte) => String.fromCharCode(byte)).join(''));
  const decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

  function picture(width = 320, height = 240) {
    const canvas = Object.assign(document.body.appendChild(document.createElement('canvas')), { width, height });
    const context = canvas.getContext('2d');
    let drawn = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${drawn++ * 7} 70% 45%)`;
      context.fillRect(0, 0, width, height);
      context.fillStyle = 'white';
      context.fillRect((drawn * 5) % 300, 100, 20, 40);
    }, 40);
    return canvas.captureStream(25).getTracks()[0];
  }

  function tone() {
    sounds ??= new AudioContext();
    const oscillator = new OscillatorNode(sounds, { frequency: 440 });
    const out = sounds.createMediaStreamDestination();
    oscillator.connect(out);
    oscillator.start();
    return out.stream.getTracks()[0];
  }

  // VP8 alone, as that is what all peers speak.
  function preferVp8(transceiver) {
    if (transceiver.receiver.track.kind !== 'video') return;
    const vp8 = RTCRtpReceiver.getCapabilities('video').codecs.filter(({ mimeType }) => mimeType === 'video/VP8');
    transceiver.setCodecPreferences?.(vp8);
  }

  // Three layers, the smallest first, as RFC 8853 has them in SDP.
  const layers = [['q', 4], ['h', 2], ['f', 1]]
    .map(([rid, scaleResolutionDownBy]) => ({ rid, scaleResolutionDownBy, maxBitrate: 900_000 / scaleResolutionDownBy }));

  function addTracks() {
    for (const { track, simulcast } of tracks.splice(0)) {
      const streams = [new MediaStream([track])];
      if (simulcast) pc.addTransceiver(track, { streams, sendEncodings: layers });
      else pc.addTrack(track, ...streams);
    }
    pc.getTransceivers().forEach(preferVp8);
  }

  const commands = {
    track: ({ kind, simulcast }) => {
      const size = simulcast ? [1280, 720] : [320, 240]; // Chromium sends three layers of nothing smaller.
      tracks.push({ track: kind === 'video' ? picture(...size) : tone(), simulcast });
    },
    channel: ({ label, ...options }) => adopt(pc.createDataChannel(label, options), false),
    async offer({ iceRestart }) {
      addTracks();
      if (iceRestart) pc.restartIce();
      await pc.setLocalDescription();
      tell('description', { type: 'offer', sdp: pc.localDescription.sdp });
    },
    async description({ type, sdp }) {
      await pc.setRemoteDescription({ type, sdp });
      if (type !== 'offer') return;
      addTracks();
      await pc.setLocalDescription();
      tell('description', { type: 'answer', sdp: pc.localDescription.sdp });
    },
    async candidate({ candidate, sdpMid, sdpMLineIndex }) {
      if (candidate) await pc.addIceCandidate({ candidate, sdpMid, sdpMLineIndex });
      else await pc.addIceCandidate();
    },
    send: ({ label, text, base64 }) => channels.get(label).send(text ?? decode(base64)),
    closeChannel: ({ label }) => channels.get(label).close(),
    async stats() {
      const sums = { audio: {}, video: {} };
      for (const sum of Object.values(sums)) Object.assign(sum, { packetsReceived: 0, packetsSent: 0, framesReceived: 0 });
      for (const report of (await pc.getStats()).values()) {
        const sum = sums[report.kind];
        if (report.type === 'outbound-rtp') sum.packetsSent += report.packetsSent;
        if (report.type !== 'inbound-rtp') continue;
        sum.packetsReceived += report.packetsReceived;
        sum.framesReceived += report.kind === 'video' ? (report.framesDecoded ?? 0) : report.packetsReceived;
      }
      tell('stats', sums);
    },
    close() {
      pc.close();
      tell('state', { state: 'closed' });
    },
  };
  window.obey = async ({ command, ...members }) => {
    try {
      await commands[command](members);
    } catch (error) {
      tell('error', { message: `${command}: ${error}` });
    }
  };
  tell('ready', { name: 'browser' });
}
