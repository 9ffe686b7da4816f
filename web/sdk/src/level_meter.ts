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

/** A level is that of so many samples: 10 ms at the usual 48 kHz. */
const kWindow = 512;
/** So many samples are looked back at: as long as it is between two readings, so that no syllable falls between. */
const kLookBack = 4096;

/** Measures how loud an audio track is, before it is sent. */
export class LevelMeter {
  readonly #analyser: AnalyserNode | undefined;
  readonly #input: MediaStreamAudioSourceNode | undefined;
  readonly #samples = new Float32Array(kLookBack);

  constructor(track: MediaStreamTrack) {
    const audio = audioContext();
    if (!audio) return;
    this.#analyser = audio.createAnalyser();
    this.#analyser.fftSize = this.#samples.length;
    this.#input = audio.createMediaStreamSource(new MediaStream([track]));
    this.#input.connect(this.#analyser);
  }

  /** The level now: the loudest 10 ms of the last 85 (root mean square, 0 to 1). */
  read(): number {
    if (!this.#analyser) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let loudest = 0;
    for (let at = 0; at < kLookBack; at += kWindow) {
      loudest = Math.max(loudest, meanSquare(this.#samples.subarray(at, at + kWindow)));
    }
    return Math.sqrt(loudest);
  }

  close(): void {
    this.#input?.disconnect();
  }
}

function meanSquare(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum / samples.length;
}
