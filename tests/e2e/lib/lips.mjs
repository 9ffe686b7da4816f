// A flash and a beep at the same moment, and when each is seen and heard elsewhere: whether sound and picture are in step, and
// how long they take. Read in Chromium; the pages of one browser have one clock.

// Sends a dark picture and silence. What beat() then does to both, at once, others notice.
export function sendBeats(page) {
  return page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const context = canvas.getContext('2d', { alpha: false });
    let isLit = false;
    let step = 0;
    const draw = () => {
      context.fillStyle = isLit ? '#fff' : '#222';
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.fillStyle = '#777';
      context.fillRect((step = (step + 8) % 600), 170, 20, 20); // As a camera does, it moves.
    };
    setInterval(draw, 33);
    const sound = new AudioContext({ latencyHint: 0 });
    const tone = new OscillatorNode(sound, { frequency: 1000 });
    const gain = new GainNode(sound, { gain: 0 });
    const out = new MediaStreamAudioDestinationNode(sound);
    tone.connect(gain).connect(out);
    tone.start();
    window.parley.publish('camera', canvas.captureStream(30).getVideoTracks()[0]);
    window.parley.publish('microphone', out.stream.getAudioTracks()[0]);
    const set = (on) => {
      isLit = on;
      gain.gain.setTargetAtTime(on ? 0.5 : 0, 0, 0.001); // Without a click.
      draw();
    };
    window.parleyTestBeat = async () => {
      const at = performance.timeOrigin + performance.now();
      set(true);
      await new Promise((resolve) => setTimeout(resolve, 150));
      set(false);
      return at;
    };
  });
}

export const beat = (page) => page.evaluate(() => window.parleyTestBeat());

// Beside the sound itself, to the sample: at what time of the context a beep began.
const kEar = `
  registerProcessor('parley-test-ear', class extends AudioWorkletProcessor {
    #silent = 0;
    process([[samples = new Float32Array(128)]]) {
      for (let i = 0; i < samples.length; ++i) {
        const isHeard = Math.abs(samples[i]) > 0.05;
        if (isHeard && this.#silent > 0.2 * sampleRate) this.port.postMessage(currentTime + i / sampleRate);
        this.#silent = isHeard ? 0 : this.#silent + 1;
      }
      return true;
    }
  });`;

// Notes flashes in whatever shows the other's picture, a tile or the one of everyone, and beeps in all that the page plays.
// The page has to be opened with `bypassCSP`: the ear is a script.
export function watchBeats(page) {
  return page.evaluate(async (script) => {
    const noted = { flashes: [], beeps: [] };
    window.parleyTestNoted = noted;
    const small = new OffscreenCanvas(32, 18).getContext('2d', { willReadFrequently: true });
    // The share of it that is bright.
    const light = (video) => {
      small.drawImage(video, 0, 0, 32, 18);
      const { data } = small.getImageData(0, 0, 32, 18);
      let bright = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at + 1] > 140) bright += 1;
      return bright / (32 * 18);
    };
    const known = new WeakSet();
    const follow = (video) => {
      known.add(video);
      let wasLit = false;
      const onFrame = (_now, { expectedDisplayTime }) => {
        const isLit = light(video) > 0.15;
        if (isLit && !wasLit) noted.flashes.push(performance.timeOrigin + expectedDisplayTime);
        wasLit = isLit;
        video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
    };
    const context = new AudioContext({ latencyHint: 0 });
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    const ear = new AudioWorkletNode(context, 'parley-test-ear');
    ear.connect(context.destination);
    ear.port.onmessage = ({ data }) => {
      const { contextTime, performanceTime } = context.getOutputTimestamp();
      noted.beeps.push(performance.timeOrigin + performanceTime + 1000 * (data - contextTime));
    };
    const look = () => {
      const tiles = document.querySelectorAll('[data-testid="tile"][data-self="false"] video, [data-testid="one-stream"] video');
      for (const video of tiles) if (!known.has(video)) follow(video);
      for (const { track } of window.parley.sounds) {
        if (known.has(track)) continue;
        known.add(track);
        new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(ear);
      }
    };
    look();
    setInterval(look, 50);
  }, kEar);
}

// How long sound and pictures wait in the page, in milliseconds, of those that came since the last call.
export function waits(page) {
  return page.evaluate(async () => {
    const now = {};
    for (const connection of window.parleyTestConnections) {
      if (connection.connectionState === 'closed') continue;
      for (const one of (await connection.getStats()).values())
        if (one.type === 'inbound-rtp') now[one.id] = { kind: one.kind, delay: one.jitterBufferDelay, count: one.jitterBufferEmittedCount };
    }
    const before = window.parleyTestWaits ?? {};
    window.parleyTestWaits = now;
    const waits = {};
    for (const [id, { kind, delay, count }] of Object.entries(now)) {
      const came = count - (before[id]?.count ?? 0);
      if (came > 0) waits[kind] = Math.max(waits[kind] ?? 0, Math.round((1000 * (delay - (before[id]?.delay ?? 0))) / came));
    }
    return waits;
  });
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const high = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * 0.95)];

// One `beat` after the other, `count` times: how long the picture and the sound of each took to the one who watches, and how
// much later than the picture the sound was, in milliseconds.
export async function beats(from, to, count) {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 350 + 200 * Math.random()));
  const all = { picture: [], sound: [], apart: [] };
  for (let i = 0; i < count; ++i) {
    await to.evaluate(() => Object.assign(window.parleyTestNoted, { flashes: [], beeps: [] }));
    const at = await beat(from);
    await pause();
    const { flashes, beeps } = await to.evaluate(() => window.parleyTestNoted);
    if (process.env.DBG) console.error(flashes.map((x) => x - at), beeps.map((x) => x - at));
    if (flashes.length !== 1 || beeps.length !== 1) continue;
    all.picture.push(flashes[0] - at);
    all.sound.push(beeps[0] - at);
    all.apart.push(beeps[0] - flashes[0]);
  }
  const summary = (numbers) => ({ median: Math.round(median(numbers)), p95: Math.round(high(numbers)) });
  return {
    count: all.apart.length,
    ...Object.fromEntries(Object.entries(all).map(([what, numbers]) => [what, summary(numbers)])),
    all,
  };
}
