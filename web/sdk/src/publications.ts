import type { LocalMedia } from './local_media';
import type { MediaFlags, Source } from './protocol';

/** What we show and say: the devices, and over them what the page published of its own. */
export class Publications {
  readonly #media: LocalMedia;
  readonly #published = new Map<Source, MediaStreamTrack>();
  #permitted: (source: Source) => boolean = () => true;

  constructor(media: LocalMedia) {
    this.#media = media;
  }

  publish(source: Source, track: MediaStreamTrack): void {
    this.#published.set(source, track);
  }

  unpublish(source: Source): void {
    this.#published.delete(source);
  }

  /** Sends only what is permitted from now on. */
  permit(permitted: (source: Source) => boolean): void {
    this.#permitted = permitted;
  }

  /** What others are told. */
  get flags(): MediaFlags {
    const { micinf, vidinf, scrinf } = this.#media.flags;
    const isOn = (source: Source, flag: boolean) => (flag || this.#published.has(source)) && this.#permitted(source);
    return { micinf: isOn('microphone', micinf), vidinf: isOn('camera', vidinf), scrinf: isOn('screen', scrinf) };
  }

  /** What goes to every peer. Microphone and camera keep their place while they may not be sent. */
  get outgoing(): ReadonlyMap<Source, MediaStreamTrack | null> {
    const outgoing = new Map([...this.#media.outgoing, ...this.#published]);
    for (const source of outgoing.keys()) {
      if (this.#permitted(source)) continue;
      if (source === 'microphone' || source === 'camera') outgoing.set(source, null);
      else outgoing.delete(source);
    }
    return outgoing;
  }

  /** Where our voice comes from; undefined while we are muted. */
  get voice(): MediaStreamTrack | undefined {
    return this.flags.micinf ? (this.outgoing.get('microphone') ?? undefined) : undefined;
  }
}
