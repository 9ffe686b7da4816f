import type { LocalMedia } from './local_media';
import type { MediaFlags, Source } from './protocol';

/** What we show and say: the devices, and over them what the page published of its own. */
export class Publications {
  readonly #media: LocalMedia;
  readonly #published = new Map<Source, MediaStreamTrack>();

  constructor(media: LocalMedia) {
    this.#media = media;
  }

  publish(source: Source, track: MediaStreamTrack): void {
    this.#published.set(source, track);
  }

  unpublish(source: Source): void {
    this.#published.delete(source);
  }

  /** What others are told. */
  get flags(): MediaFlags {
    const { micinf, vidinf, scrinf } = this.#media.flags;
    const has = (source: Source) => this.#published.has(source);
    return { micinf: micinf || has('microphone'), vidinf: vidinf || has('camera'), scrinf: scrinf || has('screen') };
  }

  /** What goes to every peer. */
  get outgoing(): ReadonlyMap<Source, MediaStreamTrack | null> {
    return new Map([...this.#media.outgoing, ...this.#published]);
  }

  /** Where our voice comes from; undefined while we are muted. */
  get voice(): MediaStreamTrack | undefined {
    return this.flags.micinf ? (this.outgoing.get('microphone') ?? undefined) : undefined;
  }
}
