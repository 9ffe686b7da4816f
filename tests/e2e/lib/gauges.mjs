// What a person would notice of a change: how long a picture stood still, how long a sound was away. Read in Chromium.

// Notes when frames of that person's camera came into sight, whichever element shows them: when, and how many since the
// one before, as a page that is busy hears of some of them only by their number.
export function watchPicture(page, name) {
  return page.evaluate((who) => {
    const frames = [];
    const known = new WeakSet();
    const follow = (video) => {
      known.add(video);
      let counted = 0;
      const onFrame = (_now, { presentationTime, presentedFrames }) => {
        const came = counted === 0 ? 1 : presentedFrames - counted;
        counted = presentedFrames;
        // The app hears of the same frame, and shows the element by it: before this, whoever was asked first.
        setTimeout(() => video.isConnected && video.dataset.shown && frames.push([presentationTime, came]));
        video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
    };
    const look = () => {
      const videos = document.querySelectorAll(`[data-testid="tile"][data-name="${who}"][data-source="camera"] video`);
      for (const video of videos) if (!known.has(video)) follow(video);
    };
    look();
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    (window.parleyTestFrames ??= {})[who] = frames;
  }, name);
}

// The longest time without a new frame since the last call, in milliseconds, and how many there were. Frames that
// the page did not hear of are taken to have come evenly.
export function pictureGap(page, name) {
  return page.evaluate((who) => {
    const frames = window.parleyTestFrames[who].splice(0).sort(([a], [b]) => a - b);
    window.parleyTestFrames[who].push(...frames.slice(-1));
    const gaps = frames.slice(1).map(([time, came], index) => (time - frames[index][0]) / came);
    const count = frames.slice(1).reduce((sum, [, came]) => sum + came, 0);
    return { longest: Math.round(Math.max(0, ...gaps)), frames: count };
  }, name);
}

// Sends a tone in place of the microphone: no silence is its own, and nothing takes it for noise.
export function sendTone(page, frequency) {
  return page.evaluate((hertz) => {
    const context = new AudioContext();
    const tone = new OscillatorNode(context, { frequency: hertz });
    const out = new MediaStreamAudioDestinationNode(context);
    tone.connect(out);
    tone.start();
    window.parley.publish('microphone', out.stream.getAudioTracks()[0]);
  }, frequency);
}

// Runs beside the sound itself, so that a busy page neither makes nor hides a gap.
const kMeter = `
  registerProcessor('parley-test-silence', class extends AudioWorkletProcessor {
    #silent = 0;
    #longest = 0;
    #heard = 0;
    constructor() {
      super();
      this.port.onmessage = () => {
        this.port.postMessage({ longest: this.#longest / sampleRate, heard: this.#heard / sampleRate });
        this.#longest = this.#silent = this.#heard = 0;
      };
    }
    process([[samples = new Float32Array(128)]]) {
      const isHeard = samples.some((sample) => Math.abs(sample) > 0.005);
      this.#silent = isHeard ? 0 : this.#silent + 128;
      this.#heard += isHeard ? 128 : 0;
      this.#longest = Math.max(this.#longest, this.#silent);
      return true;
    }
  });`;

// Listens to all that the page plays, near one frequency, whichever track brings it. The page has to be opened with
// `bypassCSP`: the meter is a script.
export function watchSound(page, frequency) {
  return page.evaluate(async ([script, hertz]) => {
    const context = new AudioContext();
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    const band = new BiquadFilterNode(context, { type: 'bandpass', frequency: hertz, Q: 4 });
    const meter = new AudioWorkletNode(context, 'parley-test-silence');
    band.connect(meter);
    meter.connect(context.destination);
    const known = new WeakSet();
    const look = () => {
      for (const { track } of window.parley.sounds) {
        if (known.has(track)) continue;
        known.add(track);
        new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(band);
      }
    };
    look();
    window.parley.on('change', look);
    setInterval(look, 20);
    window.parleyTestSilence = () =>
      new Promise((resolve) => {
        meter.port.onmessage = ({ data }) => resolve(data);
        meter.port.postMessage('read');
      });
  }, [kMeter, frequency]);
}

// The longest silence since the last call, and how much was heard, in milliseconds.
export function soundGap(page) {
  return page.evaluate(async () => {
    const { longest, heard } = await window.parleyTestSilence();
    return { longest: Math.round(longest * 1000), heard: Math.round(heard * 1000) };
  });
}
