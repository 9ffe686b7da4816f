import { playSound } from './sound';

/** Frequencies in Hz, played one after the other: up for who comes, down for who goes. */
const kTunes = { joined: [523, 784], left: [659, 440], test: [523, 659, 784] } as const;
const kNote = 0.16; // Seconds.
const kLoudness = 0.14;

export type Tune = keyof typeof kTunes;

/** Plays a short tune through the chosen speaker. Resolves when it is over. */
export async function chime(tune: Tune): Promise<void> {
  if (typeof AudioContext === 'undefined') return;
  const audio = new AudioContext();
  const out = audio.createMediaStreamDestination();
  const notes = kTunes[tune];
  const last = notes.map((frequency, index) => addNote(audio, out, frequency, index * kNote)).at(-1);
  const element = new Audio();
  element.srcObject = out.stream;
  const stop = playSound(element);
  await new Promise((resolve) => {
    if (last) last.onended = resolve;
    setTimeout(resolve, (notes.length + 4) * kNote * 1000); // A context that may not start never ends.
  });
  stop();
  element.srcObject = null;
  await audio.close();
}

function addNote(audio: AudioContext, out: AudioNode, frequency: number, delay: number): OscillatorNode {
  const start = audio.currentTime + 0.05 + delay;
  const end = start + kNote * 1.6;
  const tone = new OscillatorNode(audio, { frequency });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(kLoudness, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, end);
  tone.connect(volume).connect(out);
  tone.start(start);
  tone.stop(end);
  return tone;
}
