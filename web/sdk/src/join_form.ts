import type { JoinRequest, MediaFlags } from './protocol';
import type { Publications } from './publications';
import type { Ways } from './ways';

/** A join waits for the offer that it is to carry at most so long, in milliseconds; then the offer comes after it. */
const kOfferPatience = 400;

type Fields = Omit<JoinRequest, 'resume'>;

export interface JoinFormOptions {
  readonly request: Pick<JoinRequest, 'room' | 'name' | 'topology' | 'lecture' | 'token'>;
  readonly byServer: boolean | undefined;
  readonly publications: Publications;
  readonly ways: Pick<Ways, 'prepare' | 'takeOffer'>;
  /** The server is being told these. */
  readonly onTold: (flags: MediaFlags) => void;
}

/**
 * What a join says. The offer to the media server is made while the connection is, but only where it is known to be
 * needed: it costs the browser tens of milliseconds, and a call from peer to peer is not to wait for them.
 *
 * Owner: Room.
 */
export class JoinForm {
  readonly #options: JoinFormOptions;
  #offering: Promise<void> | undefined;

  constructor(options: JoinFormOptions) {
    this.#options = options;
  }

  /** Begins to make what takes time. Call it as soon as the connection is on its way, which then is not kept waiting. */
  prepare(): void {
    const { request, ways, byServer = false } = this.#options;
    const { topology, lecture } = request;
    const isForced = topology === 'sfu' || topology === 'mcu'; // One stream comes by the server.
    if (isForced || lecture || byServer) this.#offering ??= ways.prepare();
  }

  /** As things stand now. */
  fill(): Fields | Promise<Fields> {
    this.prepare();
    if (!this.#offering) return this.#fill();
    const late = new Promise((resolve) => setTimeout(resolve, kOfferPatience));
    return Promise.race([this.#offering, late]).then(() => this.#fill());
  }

  #fill(): Fields {
    const { request, publications, ways, onTold } = this.#options;
    const { micinf, vidinf } = publications.flags;
    onTold({ micinf, vidinf, scrinf: false }); // A join cannot tell of a screen.
    const { room, name, topology, lecture, token } = request;
    const offer = ways.takeOffer();
    return {
      ...{ room, name, micinf, vidinf },
      ...(topology && { topology }),
      ...(lecture && { lecture }),
      ...(token && { token }),
      ...(offer && { offer }),
    };
  }
}
