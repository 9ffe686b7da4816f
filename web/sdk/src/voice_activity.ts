/** Louder than this (RMS, 0 to 1) is taken for speech; the microphone's own hiss stays below. */
const kThreshold = 0.02;
/** Speech has short gaps: this long below the threshold, in milliseconds, before it counts as ended. */
const kHangover = 600;

/** Decides from a series of levels whether someone speaks. */
export class VoiceActivity {
  #lastLoud = -Infinity;

  /** Takes the level (0 to 1) at the time `now`, in milliseconds. */
  update(now: number, level: number): boolean {
    if (level > kThreshold) this.#lastLoud = now;
    return now - this.#lastLoud < kHangover;
  }
}
