import type { MediaPath, Report } from '../media_path';
import type { LinkState } from '../peer_link';
import type { Source } from '../protocol';
import type { ServerLink } from './server_link';

/** What becomes of somebody's sound and picture when it comes by the server: the slots that are theirs just now. */
export class SlotPath implements MediaPath {
  readonly way = 'server';
  readonly #sid: string;
  readonly #link: ServerLink;
  readonly #openChannel: (label: string) => RTCDataChannel | undefined;

  /** `openChannel` makes one straight to them: files do not go by the server. */
  constructor(sid: string, link: ServerLink, openChannel: (label: string) => RTCDataChannel | undefined) {
    this.#sid = sid;
    this.#link = link;
    this.#openChannel = openChannel;
  }

  get state(): LinkState {
    return this.#link.state === 'closed' ? 'connecting' : this.#link.state;
  }

  get receivers(): ReadonlyMap<Source, RTCRtpReceiver> {
    return this.#link.slots.receiversOf(this.#sid);
  }

  get peerConnection(): RTCPeerConnection | undefined {
    return this.#link.peerConnection;
  }

  openChannel(label: string): RTCDataChannel | undefined {
    return this.#openChannel(label);
  }

  /** Of what is received, theirs alone; of what is sent nothing, as it goes to the server and not to them. */
  async report(): Promise<Report[]> {
    const mids = this.#link.slots.midsOf(this.#sid);
    return (await this.#link.report()).filter((report) => {
      const type = report['type'];
      if (type === 'inbound-rtp') return mids.has(String(report['mid']));
      return type !== 'outbound-rtp' && type !== 'remote-inbound-rtp';
    });
  }
}
