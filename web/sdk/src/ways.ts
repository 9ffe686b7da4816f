import { Handover } from './handover';
import { Mesh } from './mesh';
import type { MediaPath } from './media_path';
import { OneStreamAdviser } from './one_stream/adviser';
import { OneStream, type ExpectedPicture } from './one_stream/one_stream';
import type { Participant } from './participant';
import type { LinkState } from './peer_link';
import type { MediaOffer, ServerEvent, Source, Topology, ViewTile, Welcome } from './protocol';
import { sendingLimitOf, type SendingLimit } from './picture';
import { ServerLink } from './server_link/server_link';
import { kEveryone } from './server_link/slots';
import { SlotPath } from './server_link/slot_path';
import { ViewReport } from './server_link/view_report';
import { UdpTrial } from './udp_trial';
import type { Sound, Way, WaysOptions } from './ways_options';

/** The log of the connection with the server stands among those with people. */
const kServer = { sid: 'server', name: 'SFU' };

function wayOf(topology: Topology): Way {
  return topology === 'sfu' ? 'sfu' : 'p2p';
}

/**
 * The ways that media takes: straight between the participants, or by the server, as the server says (`topology`).
 * A change is make before break, so that nobody sees or hears it.
 *
 * Owner: People.
 */
export class Ways {
  /** Everyone in one picture and one sound. */
  readonly oneStream: OneStream;
  readonly #options: WaysOptions;
  readonly #mesh: Mesh;
  readonly #server: ServerLink;
  readonly #view: ViewReport;
  readonly #adviser: OneStreamAdviser;
  readonly #slotPaths = new Map<string, SlotPath>();
  #way: Way | undefined;
  #handover: Handover | undefined;
  #speakers: ReadonlySet<string> = new Set();
  #limitations: readonly unknown[] = [];

  constructor(options: WaysOptions) {
    this.#options = options;
    const { signalling, publications, log, iceServers, videoSlots, selfSid } = options;
    const udpTrial = new UdpTrial(iceServers);
    this.#mesh = new Mesh({
      ...{ signalling, publications, log, iceServers, udpTrial, selfSid },
      onState: (sid, state) => this.#onMeshState(sid, state),
      onTrack: (sid) => this.#onTracks(sid),
      onChannel: (sid, channel) => options.onChannel(sid, channel),
      onGone: (sid) => options.onGone(sid),
      onError: (error) => options.onError(error),
    });
    this.#server = new ServerLink({
      ...{ wire: signalling, iceServers, udpTrial, videoSlots },
      log: () => ({ call: log, connection: log.peer(kServer.sid, kServer.name) }),
      outgoing: () => publications.outgoing,
    });
    this.#view = new ViewReport((view) => void signalling.request('view', view).catch(() => undefined));
    this.oneStream = new OneStream({
      ...{ view: this.#view, slots: this.#server.slots },
      report: () => this.#server.report(),
      hasOthers: () => options.participants.size > 0,
      hearsStraight: () => [...options.participants.values()].some(({ link }) => link.way === 'direct'),
      expected: () => this.#expectedPictures(),
      onSlots: (sids) => this.#onSlots(sids),
      onState: (state) => {
        log.signalling.add('one-stream', { kind: state });
        options.onChange();
      },
      onFailed: () => options.onOneStreamFailed(),
    });
    this.#adviser = new OneStreamAdviser(this.oneStream, (advice) => options.onAdvice(advice));
    this.#listen();
  }

  /** The way in force. */
  get way(): Way {
    return this.#way ?? 'p2p';
  }

  /** The connection with the server. */
  get server(): Pick<ServerLink, 'state' | 'peerConnection' | 'report'> {
    return this.#server;
  }

  /** Everything that is to be heard. A slot is played whoever speaks in it, so that no word is lost to a change. */
  get sounds(): Sound[] {
    const sounds: Sound[] = this.#server.slots.sounds.map(({ mid, track }) => ({ id: `slot/${mid}`, track }));
    for (const { sid, link } of this.#options.participants.values()) {
      const direct = link.way === 'direct' ? link : this.#mesh.media(sid);
      for (const source of ['microphone', 'screen-audio'] as const) {
        const track = direct?.receivers.get(source)?.track;
        if (track) sounds.push({ id: `${sid}/${source}`, track });
      }
    }
    return sounds;
  }

  /** What keeps our own picture from being better, as of the last look. */
  get sendingLimit(): SendingLimit {
    const direct = [...this.#options.participants.values()].map(({ limitation }) => limitation);
    return sendingLimitOf([...direct, ...this.#limitations]);
  }

  /** Looks at what we send to the server, and at how well what it sends serves us. Rejects when it is closed meanwhile. */
  async lookAtServer(): Promise<void> {
    const reports = this.way === 'sfu' ? await this.#server.report() : [];
    const now = performance.now();
    this.oneStream.lookAt(reports, now);
    this.#adviser.look(reports, [...this.#expectedPictures()].length, now);
    const outbound = reports.filter(({ type }) => type === 'outbound-rtp');
    this.#limitations = outbound.map((report) => report['qualityLimitationReason']);
  }

  /** Who speaks, as the server hears it; undefined of somebody whom we hear straight. */
  isSpeaking({ sid, link }: Participant): boolean | undefined {
    return link.way === 'server' ? this.#speakers.has(sid) : undefined;
  }

  /** Makes the offer to the server ahead of the join. */
  prepare(): Promise<void> {
    return this.#server.prepare();
  }

  /** The offer that a join is to carry, if there is one. */
  takeOffer(): MediaOffer | undefined {
    const { offer } = this.#server;
    if (offer) this.#server.noteOffered();
    return offer;
  }

  /** A join was accepted. */
  welcome({ topology, answer, resumed, oneStream }: Welcome): void {
    this.oneStream.welcome(oneStream);
    const way = wayOf(topology);
    const before = this.#way;
    if (before === undefined) this.#way = way;
    if (way !== this.#way) return this.#change(way, answer);
    if (way === 'p2p') return;
    if (before === undefined) this.#options.log.signalling.add('topology', { kind: way });
    this.#view.activate(true);
    if (before === undefined || answer !== undefined) this.#server.connect(answer);
    else if (resumed) this.#server.resync();
    else this.#server.renew();
  }

  /** The way to somebody who has come. `calls`: where it is straight, we make the offer. */
  open(info: { sid: string; name: string }, calls: boolean): MediaPath {
    return this.way === 'sfu' ? this.#slotPath(info.sid) : this.#mesh.make(info, calls);
  }

  /** Whether media with somebody flows. */
  isConnected(sid: string): boolean {
    const direct = this.#mesh.media(sid);
    if (direct) return direct.peerConnection.connectionState === 'connected';
    return this.way === 'sfu' && this.#server.state === 'connected';
  }

  /** Whether there is a link straight to somebody, and it carries. */
  isDirect(sid: string): boolean {
    return this.#mesh.get(sid)?.state === 'connected';
  }

  /** Opens a data channel straight to somebody whose media comes that way. */
  openDirect(sid: string, label: string, options?: RTCDataChannelInit): RTCDataChannel | undefined {
    return this.#mesh.media(sid)?.openChannel(label, options);
  }

  close(sid: string): void {
    this.#mesh.close(sid);
    this.#slotPaths.delete(sid);
    this.#mesh.shareBudget();
  }

  /** Of our messages some may have been lost: what is still open is said again. */
  resync(sid?: string): void {
    if (sid !== undefined) return this.#mesh.get(sid)?.resync();
    this.#mesh.resync();
    this.#server.resync();
  }

  updateOutgoing(): void {
    this.#mesh.updateOutgoing();
    this.#server.updateOutgoing();
  }

  /** Which pictures are shown, most important first. */
  show(tiles: readonly ViewTile[]): void {
    this.#view.set(tiles);
    this.#server.show(tiles.length);
  }

  end(): void {
    this.#handover?.cancel();
    this.oneStream.close();
    this.#mesh.closeAll();
    this.#server.end();
  }

  handleDescription({ sid, cname, ...message }: ServerEvent<'description'>): void {
    const isHere = this.#options.participants.has(sid);
    const link = this.#mesh.get(sid) ?? (isHere ? this.#mesh.make({ sid, name: cname }, false, false) : undefined);
    link?.handleDescription(message);
  }

  handleCandidate({ sid, candidate }: ServerEvent<'candidate'>): void {
    this.#mesh.get(sid)?.handleCandidate(candidate);
  }

  #listen(): void {
    const { signalling, onChange, onError } = this.#options;
    signalling.on('topology', (event) => this.#onTopology(event));
    signalling.on('slots', ({ slots }) => this.#server.assign(slots));
    signalling.on('layers', (layers) => this.#server.setLayers(layers));
    signalling.on('speakers', ({ sids }) => {
      this.#speakers = new Set(sids);
    });
    signalling.on('quality', (quality) => {
      const { tiles } = quality;
      this.#adviser.setTold(quality);
      this.oneStream.setTold(tiles);
      for (const participant of this.#options.participants.values()) participant.setTold(tiles);
      onChange();
    });
    this.#server.on('channels', ({ reliable, unreliable }) => this.#options.onServerChannels(reliable, unreliable));
    this.#server.on('slots', (sids) => this.#onSlots(sids));
    this.#server.on('state', (state) => {
      for (const { sid, link } of this.#options.participants.values()) {
        if (link.way === 'server') this.#options.onLinkState(sid, state);
      }
    });
    this.#server.on('error', (error) => onError(error));
  }

  #onTopology({ topology, reason, answer }: ServerEvent<'topology'>): void {
    const way = wayOf(topology);
    this.#options.log.signalling.add('topology', { kind: way, message: reason });
    // What is in force already is told again where our connection failed on the server's side.
    if (way === 'sfu' && this.#way === 'sfu' && answer === undefined) this.#server.renew();
    else this.#change(way, answer);
    this.#options.onTopology(way, reason);
  }

  #change(way: Way, answer: string | undefined): void {
    this.#way = way;
    this.#handover?.cancel();
    if (way === 'sfu') this.#toServer(answer);
    else this.#toMesh();
    this.#options.onChange();
  }

  #toServer(answer: string | undefined): void {
    this.#view.activate(true);
    this.#server.connect(answer);
    for (const participant of this.#options.participants.values()) {
      if (this.#mesh.media(participant.sid)?.state === 'connected') continue;
      this.#take(participant.sid, this.#slotPath(participant.sid));
      this.#retire(participant.sid);
    }
    this.#start(
      // Everyone in one comes at the same moment: until then they are seen and heard as before.
      (sid) => (this.oneStream.state === 'starting' ? undefined : this.#slotPath(sid)),
      () => {
        for (const sid of this.#mesh.sids) this.#retire(sid);
      },
    );
  }

  #toMesh(): void {
    for (const participant of this.#options.participants.values()) {
      const { sid } = participant;
      if (this.#mesh.get(sid)) this.#mesh.setMedia(sid, true);
      else this.#mesh.make(participant, this.#options.selfSid() < sid);
    }
    this.#start(
      (sid) => this.#mesh.media(sid),
      () => {
        this.#view.activate(false);
        this.#server.close();
      },
    );
  }

  // What carries files goes on carrying them.
  #retire(sid: string): void {
    if (this.#options.isBusy(sid)) this.#mesh.setMedia(sid, false);
    else this.#mesh.close(sid);
  }

  #start(target: (sid: string) => MediaPath | undefined, done: () => void): void {
    const { participants, log } = this.#options;
    this.#handover = new Handover({
      passengers: () => participants.values(),
      target,
      expected: (sid, path) => this.#expected(sid, path),
      take: (sid, path) => this.#take(sid, path),
      done: () => {
        log.signalling.add('handed-over', { kind: this.way });
        done();
        this.#options.onChange();
      },
    });
  }

  // By the server come the pictures that are shown, and the voices of those who speak.
  #expected(sid: string, { way, receivers }: MediaPath): Source[] {
    const who = this.#options.participants.get(sid);
    if (!who) return [];
    const byServer = way === 'server';
    if (byServer && this.oneStream.state === 'on') return [];
    const expected: Source[] = [];
    if (who.micinf && (byServer ? who.speaking || receivers.has('microphone') : true)) expected.push('microphone');
    if (who.vidinf && (!byServer || this.#view.shows(sid, 'camera'))) expected.push('camera');
    if (who.scrinf && (!byServer || this.#view.shows(sid, 'screen'))) expected.push('screen');
    return expected.filter((source) => who.track(source) !== undefined);
  }

  #take(sid: string, path: MediaPath): void {
    const participant = this.#options.participants.get(sid);
    if (!participant || participant.link === path) return;
    participant.follow(path);
    this.#onTracks(sid);
    this.oneStream.update();
  }

  // The pictures that are shown of who has theirs on.
  *#expectedPictures(): Iterable<ExpectedPicture> {
    for (const { sid, source } of this.#view.tiles) {
      const who = this.#options.participants.get(sid);
      if (who && (source === 'camera' ? who.vidinf : who.scrinf)) yield { source, path: this.#slotPath(sid) };
    }
  }

  #onSlots(sids: ReadonlySet<string>): void {
    for (const sid of sids) this.#onTracks(sid);
    this.oneStream.update();
    if (sids.has(kEveryone)) this.#options.onChange();
  }

  #onTracks(sid: string): void {
    const participant = this.#options.participants.get(sid);
    if (!participant) return;
    for (const path of [this.#mesh.get(sid), this.#slotPaths.get(sid)]) {
      for (const [source, { track }] of path?.receivers ?? []) participant.silence(source, track, path);
    }
    this.#options.onTracks(participant);
  }

  #onMeshState(sid: string, state: LinkState): void {
    const participant = this.#options.participants.get(sid);
    const isOver = this.way === 'sfu' && state === 'interrupted';
    if (participant && isOver && participant.link === this.#mesh.get(sid)) this.#take(sid, this.#slotPath(sid));
    if (isOver)
      this.#retire(sid); // They have done with it.
    else this.#mesh.shareBudget();
    this.#options.onLinkState(sid, state);
  }

  #slotPath(sid: string): SlotPath {
    const path = this.#slotPaths.get(sid) ?? new SlotPath(sid, this.#server, (label) => this.#openChannel(sid, label));
    this.#slotPaths.set(sid, path);
    return path;
  }

  #openChannel(sid: string, label: string): RTCDataChannel | undefined {
    const participant = this.#options.participants.get(sid);
    if (!participant) return undefined;
    return (this.#mesh.get(sid) ?? this.#mesh.make(participant, true, false)).openChannel(label);
  }
}
