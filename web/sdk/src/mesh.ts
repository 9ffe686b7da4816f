import { asError, SignalError } from './errors';
import type { IceServers } from './ice_servers';
import type { Outgoing } from './link_senders';
import type { CallLog } from './log/call_log';
import { applyBudget, cameraBudget } from './mesh_budget';
import { PeerLink, type LinkEvents } from './peer_link';
import type { Publications } from './publications';
import type { Signalling } from './signalling';
import type { UdpTrial } from './udp_trial';

/** Who is not connected so long after the link was made, in milliseconds, may never be: the server is told. */
export const kUnconnectedAfter = 3000;

const kNothing: Outgoing = new Map();

/** What a link of the mesh tells; `gone`: the server says that they are not in the room. */
export interface MeshListener {
  readonly onState: (sid: string, state: LinkEvents['state']) => void;
  readonly onTrack: (sid: string, track: LinkEvents['track']) => void;
  readonly onChannel: (sid: string, channel: RTCDataChannel) => void;
  readonly onGone: (sid: string) => void;
  readonly onError: (error: Error) => void;
}

export interface MeshOptions extends MeshListener {
  readonly signalling: Signalling;
  readonly publications: Publications;
  readonly log: CallLog;
  readonly iceServers: IceServers;
  readonly udpTrial: UdpTrial;
  readonly selfSid: () => string;
}

interface Entry {
  readonly link: PeerLink;
  /** Whether it carries sound and picture; else it is for data alone. */
  media: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * The links straight to the others, by sid. One that carries no media is there for files alone: those go from
 * browser to browser whatever way the media takes.
 *
 * Owner: People.
 */
export class Mesh {
  readonly #options: MeshOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: MeshOptions) {
    this.#options = options;
  }

  get(sid: string): PeerLink | undefined {
    return this.#entries.get(sid)?.link;
  }

  /** The link to somebody if it carries media. */
  media(sid: string): PeerLink | undefined {
    const entry = this.#entries.get(sid);
    return entry?.media ? entry.link : undefined;
  }

  get sids(): string[] {
    return [...this.#entries.keys()];
  }

  /** Makes a link in place of the one there was. `calls`: we make the offer. */
  make({ sid, name }: { sid: string; name: string }, calls: boolean, media = true): PeerLink {
    this.close(sid);
    const { signalling, publications, log, iceServers, udpTrial, selfSid } = this.#options;
    const link = new PeerLink({
      selfSid: selfSid(),
      ...{ sid, calls, iceServers, udpTrial },
      log: { call: log, connection: log.peer(sid, name) },
      outgoing: media ? publications.outgoing : kNothing,
      sendDescription: (message) =>
        void signalling
          .request('description', { sid, ...message })
          .catch((error: unknown) => this.#onUndelivered(sid, error)),
      sendCandidate: (candidate) => signalling.send('candidate', { sid, candidate }),
    });
    this.#entries.set(sid, { link, media, timer: media ? this.#watch(link) : undefined });
    this.#listen(sid, link);
    return link;
  }

  /** The link to somebody is for media from now on, or for data alone. */
  setMedia(sid: string, media: boolean): void {
    const entry = this.#entries.get(sid);
    if (!entry || entry.media === media) return;
    entry.media = media;
    clearTimeout(entry.timer);
    entry.link.updateOutgoing(media ? this.#options.publications.outgoing : kNothing);
  }

  /** What we send changed. */
  updateOutgoing(): void {
    const { outgoing } = this.#options.publications;
    for (const { link, media } of this.#entries.values()) if (media) link.updateOutgoing(outgoing);
  }

  /** Of our messages some may have been lost: what is still open is said again. */
  resync(): void {
    for (const { link } of this.#entries.values()) link.resync();
  }

  close(sid: string): void {
    const entry = this.#entries.get(sid);
    this.#entries.delete(sid);
    clearTimeout(entry?.timer);
    entry?.link.close();
  }

  closeAll(): void {
    for (const sid of this.sids) this.close(sid);
  }

  /** Divides what we upload among the links. */
  shareBudget(): void {
    const links = [...this.#entries.values()].filter(({ media }) => media).map(({ link }) => link);
    const budget = cameraBudget(links.length);
    for (const link of links) {
      if (link.state === 'connected') void applyBudget(link.sender('camera'), budget);
    }
  }

  #listen(sid: string, link: PeerLink): void {
    const { onState, onTrack, onChannel, onError } = this.#options;
    const isOurs = () => this.#entries.get(sid)?.link === link;
    link.on('track', (track) => isOurs() && onTrack(sid, track));
    link.on('channel', (channel) => onChannel(sid, channel));
    link.on('state', (state) => isOurs() && onState(sid, state));
    link.on('error', (error) => onError(asError(error)));
  }

  #watch(link: PeerLink): ReturnType<typeof setTimeout> {
    const { signalling, log } = this.#options;
    return setTimeout(() => {
      if (link.state !== 'connecting' || signalling.state !== 'joined') return;
      log.signalling.add('unconnected', { message: link.sid });
      // A server without media of its own refuses it, and the link goes on trying.
      void signalling.request('unconnected', { sid: link.sid }).catch(() => undefined);
    }, kUnconnectedAfter);
  }

  // Lost with the connection is normal, and resync() repairs it.
  #onUndelivered(sid: string, error: unknown): void {
    if (!(error instanceof SignalError)) return this.#options.onError(asError(error));
    if (error.code === 'no-such-participant') this.#options.onGone(sid);
    else if (error.code !== 'offline' && error.code !== 'timeout') this.#options.onError(error);
  }
}
