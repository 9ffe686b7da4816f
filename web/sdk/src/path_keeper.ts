import type { IceServers } from './ice_servers';
import { kLookInterval, PathGuard, type PathAction, type PathRole } from './path_guard';
import { readPath, type PathReading } from './path_reading';
import type { Step } from './log/steps';
import type { UdpTrial } from './udp_trial';
import { configurationOf } from './warm';

export interface PathKeeperOptions {
  readonly iceServers: IceServers;
  readonly role: PathRole;
  /** Without it nothing is tried, and so UDP is neither avoided nor returned to. */
  readonly trial: UdpTrial | undefined;
  /** Looks for a path anew, by {@link PathKeeper.configure}. */
  restart(): void;
  /** Makes a new connection, by {@link PathKeeper.configuration}. */
  replace(): void;
  /** Notes what was decided, and why. */
  note(step: Step, about?: { state: string }): void;
}

/**
 * Watches the path of one link by `getStats()`, and carries out what {@link PathGuard} decides. A link may go through
 * several peer connections; what was learnt of the network stays.
 *
 * Owner: PeerLink, ServerLink.
 */
export class PathKeeper {
  readonly #options: PathKeeperOptions;
  readonly #guard: PathGuard;
  #pc: RTCPeerConnection | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #before: PathReading | undefined;

  constructor(options: PathKeeperOptions) {
    this.#options = options;
    this.#guard = new PathGuard(() => options.trial !== undefined && options.iceServers.relayOverTcp, options.role);
  }

  /** What a new connection is made with. */
  get configuration(): RTCConfiguration {
    const { iceServers } = this.#options;
    switch (this.#guard.servers) {
      case 'all':
        return configurationOf(iceServers.current);
      case 'tcp':
        return configurationOf(iceServers.over('tcp'), 'relay');
      case 'but-tcp':
        return configurationOf(iceServers.withoutTcp);
    }
  }

  /** Whether TCP and TLS are to be left alone, so that a path over UDP is found. */
  get avoidsTcp(): boolean {
    return this.#guard.servers === 'but-tcp';
  }

  /** Looks after this connection from now on. */
  watch(pc: RTCPeerConnection): void {
    this.#pc = pc;
    this.#before = undefined;
    this.#timer ??= setInterval(() => void this.#look(), kLookInterval);
  }

  /** Gives the connection the servers to look for a path by: right before ICE restarts. */
  configure(): void {
    this.#pc?.setConfiguration(this.configuration);
  }

  /** The browser found the path broken. */
  failed(): void {
    this.#guard.handleFailure(performance.now());
  }

  close(): void {
    clearInterval(this.#timer);
    this.#pc = undefined;
  }

  async #look(): Promise<void> {
    const pc = this.#pc;
    if (pc?.connectionState !== 'connected' && pc?.connectionState !== 'disconnected') return;
    const reports: Record<string, unknown>[] = [];
    try {
      (await pc.getStats()).forEach((report: Record<string, unknown>) => reports.push(report));
    } catch {
      return; // It was closed meanwhile.
    }
    if (pc !== this.#pc) return;
    const reading = readPath(reports, this.#before);
    this.#before = reading;
    this.#act(this.#guard.handleSample(performance.now(), reading.sample));
  }

  #act(action: PathAction | undefined): void {
    if (!action || !this.#pc) return;
    if (action === 'try-udp') return void this.#try();
    if (action === 'replace') return this.#options.replace();
    this.#options.note(action === 'avoid-udp' ? 'udp-avoided' : 'path-renewed');
    this.#options.restart();
  }

  async #try(): Promise<void> {
    const carries = (await this.#options.trial?.run()) ?? false;
    if (!this.#pc) return;
    this.#options.note('udp-tried', { state: carries ? 'good' : 'bad' });
    this.#act(this.#guard.handleTrial(performance.now(), carries));
  }
}
