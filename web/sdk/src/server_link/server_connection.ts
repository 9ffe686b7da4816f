import type { Outgoing } from '../link_senders';
import { PeerProbe, type LinkLog } from '../log/peer_probe';
import { mark } from '../marks';
import { readReports, type Report } from '../media_path';
import type { MediaOffer, Source } from '../protocol';
import { makePeerConnection } from '../warm';
import { cameraEncodings, kCamera } from './encodings';
import { Sections } from './sections';

export interface ServerConnectionOptions {
  readonly configuration: RTCConfiguration;
  readonly videoSlots: number;
  readonly log: LinkLog | undefined;
  readonly onState: (state: RTCPeerConnectionState) => void;
}

/** Who asks again so soon, in milliseconds, gets the report of before: everybody's tile asks at the same moment. */
const kReportAge = 40;

/**
 * One RTCPeerConnection with the server: it offers once, and again only to restart ICE or for more slots. The server is ICE-lite and
 * learns our addresses from our checks (RFC 8445, 7.3.1.3), so no candidate is waited for or sent.
 *
 * Owner: ServerLink. Says nothing more once closed.
 */
export class ServerConnection {
  readonly pc: RTCPeerConnection;
  readonly probe: PeerProbe | undefined;
  readonly sections: Sections;
  #offer: MediaOffer | undefined;
  #answeredSlots = 0;
  #parameters = Promise.resolve();
  /** The encodings that somebody watches; all of a source that is not listed. */
  readonly #active = new Map<Source, readonly string[]>();
  #camera = kCamera;
  #report: { at: number; reports: Promise<Report[]> } | undefined;

  constructor({ configuration, videoSlots, log, onState }: ServerConnectionOptions) {
    this.pc = makePeerConnection(configuration);
    this.probe = log && new PeerProbe(this.pc, log);
    this.sections = new Sections(this.pc, videoSlots);
    this.pc.onconnectionstatechange = () => onState(this.pc.connectionState);
  }

  /** The offer that waits for an answer; undefined while it is being made, and once answered. */
  get offer(): MediaOffer | undefined {
    return this.#offer;
  }

  /** Whether there are slots of which the server does not know yet. */
  get hasNewSlots(): boolean {
    return this.#answeredSlots < this.sections.slots.length;
  }

  /** Whether a path is looked for by relays, too. */
  get hasRelays(): boolean {
    return (this.pc.getConfiguration().iceServers ?? []).length > 0;
  }

  /** Makes the offer, or with `restart` the one for new ICE credentials. */
  async makeOffer(restart = false): Promise<MediaOffer> {
    if (restart) this.pc.restartIce();
    await this.pc.setLocalDescription();
    this.#offer = { sdp: this.pc.localDescription?.sdp ?? '', sources: this.sections.sources() };
    return this.#offer;
  }

  /** The offer is on its way. */
  noteSent(): void {
    mark('offer');
    this.probe?.noteDescription({ type: 'offer', sdp: this.#offer?.sdp ?? '' }, 'sent');
  }

  /** Takes in the server's answer. */
  async accept(sdp: string): Promise<void> {
    this.probe?.noteDescription({ type: 'answer', sdp }, 'received');
    this.#offer = undefined;
    this.#answeredSlots = this.sections.slots.length;
    await this.pc.setRemoteDescription({ type: 'answer', sdp });
  }

  update(outgoing: Outgoing): void {
    this.sections.update(outgoing);
    const { width, height } = outgoing.get('camera')?.getSettings() ?? {};
    if (width === undefined || height === undefined) return;
    const camera = cameraEncodings(width * height);
    if (camera === this.#camera) return;
    this.#camera = camera;
    this.#changeParameters('camera');
  }

  /** Encodes only what somebody watches. */
  setActive(source: Source, rids: readonly string[]): void {
    this.#active.set(source, rids);
    this.#changeParameters(source);
  }

  /** How often the server was asked for a path; endlessly where the browser does not count. */
  async checksSent(): Promise<number> {
    const pairs = (await readReports(this.pc)).filter(({ type }) => type === 'candidate-pair');
    const sent = pairs.map(({ requestsSent }) => (typeof requestsSent === 'number' ? requestsSent : Infinity));
    return sent.reduce((sum, count) => sum + count, 0);
  }

  report(): Promise<Report[]> {
    const now = performance.now();
    if (!this.#report || now - this.#report.at > kReportAge) {
      this.#report = { at: now, reports: readReports(this.pc) };
    }
    return this.#report.reports;
  }

  close(): void {
    this.probe?.close();
    this.pc.onconnectionstatechange = null;
    this.pc.close();
  }

  /** One change at a time: a browser refuses parameters that were read earlier. */
  #changeParameters(source: Source): void {
    this.#parameters = this.#parameters.then(() => this.#apply(source)).catch(() => undefined);
  }

  async #apply(source: Source): Promise<void> {
    const sender = this.sections.sender(source);
    const parameters = sender?.getParameters();
    if (!sender || !parameters) return;
    const changed = parameters.encodings.map((encoding) => change(encoding, this.#wantedOf(source, encoding.rid)));
    if (changed.includes(true)) await sender.setParameters(parameters);
  }

  #wantedOf(source: Source, rid: string | undefined): RTCRtpEncodingParameters {
    const rids = this.#active.get(source);
    const active = rids === undefined || (rid === undefined ? rids.length > 0 : rids.includes(rid));
    if (source !== 'camera' || rid === undefined) return { active };
    const encoding = this.#camera.find((each) => each.rid === rid);
    return encoding ? { ...encoding, active } : { active: false };
  }
}

/** Whether anything is another now. */
function change(encoding: RTCRtpEncodingParameters, wanted: RTCRtpEncodingParameters): boolean {
  const before = { active: true, ...encoding };
  Object.assign(encoding, wanted);
  return Object.entries(wanted).some(([key, value]) => before[key as keyof RTCRtpEncodingParameters] !== value);
}
