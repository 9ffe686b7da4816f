import type { LocalMedia } from './local_media';
import { mayDo, permissionFor } from './permissions';
import type { HostedSource, MediaFlags } from './protocol';
import type { Publications } from './publications';
import type { SelfInfo } from './place';

/**
 * Does to our own devices what hosts decide: what they muted, or do not permit, goes off here, so that
 * microphone and camera really rest and others are told the truth.
 *
 * Owner: Room.
 */
export class OwnDevices {
  readonly #media: LocalMedia;
  readonly #publications: Publications;

  constructor(media: LocalMedia, publications: Publications) {
    this.#media = media;
    this.#publications = publications;
  }

  /** Our role or permissions are these. */
  permit(self: SelfInfo): void {
    this.#publications.permit((source) => mayDo(self, permissionFor(source)));
    this.#media.permit({
      microphone: mayDo(self, 'microphone'),
      camera: mayDo(self, 'camera'),
      screen: mayDo(self, 'screen'),
    });
  }

  /** We are out of the room: our devices are ours alone again. */
  release(): void {
    this.#media.permit({ microphone: true, camera: true, screen: true });
  }

  /** We may send nothing any more. */
  rest(): void {
    this.#publications.permit(() => false);
    this.#media.permit({ microphone: false, camera: false, screen: false });
  }

  switchOff(source: HostedSource): void {
    this.#publications.unpublish(source);
    if (source === 'microphone') void this.#media.setMicrophone(false);
    else if (source === 'camera') void this.#media.setCamera(false);
    else this.#media.stopScreen();
  }

  /** Others were told this of us by the server: what is off for them is to be off. */
  follow({ micinf, vidinf, scrinf }: MediaFlags): void {
    const { flags } = this.#publications;
    if (flags.micinf && !micinf) this.switchOff('microphone');
    if (flags.vidinf && !vidinf) this.switchOff('camera');
    if (flags.scrinf && !scrinf) this.switchOff('screen');
  }
}
