/** Browsers let few audio contexts live at a time: one for the page, made when first needed. */
let context: AudioContext | undefined;

function audioContext(): AudioContext | undefined {
  if (typeof AudioContext === 'undefined') return undefined;
  if (!context) {
    context = new AudioContext();
    resumeOnGesture(context);
  }
  return context;
}

// Until the person has touched the page, some browsers keep it silent, and levels at 0.
function resumeOnGesture(audio: AudioContext): void {
  const resume = () => {
    void audio.resume().then(() => {
      for (const type of ['pointerdown', 'keydown']) removeEventListener(type, resume);
    });
  };
  for (const type of ['pointerdown', 'keydown']) addEventListener(type, resume);
}

/** Measures how loud an audio track is, before it is sent. */
export class LevelMeter {
  readonly #analyser: AnalyserNode | undefined;
  readonly #input: MediaStreamAudioSourceNode | undefined;
  readonly #samples = new Float32Array(512);

  constructor(track: MediaStreamTrack) {
    const audio = audioContext();
    if (!audio) return;
    this.#analyser = audio.createAnalyser();
    this.#analyser.fftSize = this.#samples.length;
    this.#input = audio.createMediaStreamSource(new MediaStream([track]));
    this.#input.connect(this.#analyser);
  }

  /** The level now: root mean square of the last 10 ms, 0 to 1. */
  read(): number {
    if (!this.#analyser) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const sum = this.#samples.reduce((total, sample) => total + sample * sample, 0);
    return Math.sqrt(sum / this.#samples.length);
  }

  close(): void {
    this.#input?.disconnect();
  }
}
