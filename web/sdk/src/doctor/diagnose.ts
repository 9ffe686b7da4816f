import { findAddresses } from './addresses';
import { askRoundTrip, askServer, tryPolling, tryWebSocket } from './doors';
import type { DoctorInfo, Findings, RelayFinding, Transport } from './findings';
import { relayServers } from './info';
import { measureBandwidth, measurePackets } from './measure';
import { RelayPath } from './relay_path';

export type StepName = 'server' | 'websocket' | 'polling' | 'addresses' | Transport;

/** In the order in which they are best read. */
export const kDoctorSteps: readonly StepName[] = ['server', 'websocket', 'polling', 'addresses', 'udp', 'tcp', 'tls'];

/** What a step is at; `over` also where there was nothing to do. */
export type StepPhase = 'waiting' | 'trying' | 'packets' | 'bandwidth' | 'over';
export type Phases = Readonly<Record<StepName, StepPhase>>;

export interface DiagnoseOptions {
  /** Of the server; the page's own by default. */
  readonly url?: string;
  /** Ends it early: what it has made is closed, and the promise rejects. */
  readonly signal?: AbortSignal;
  /** After every change, with all that is known so far. */
  readonly onProgress?: (findings: Findings, phases: Phases) => void;
}

/**
 * Finds out how well this browser, in its network, reaches a server: over HTTP, WebSocket and long-polling, by
 * STUN, and through the relay over UDP, TCP and TLS. Takes 8 to 20 seconds. `verdictOf` says what it means.
 */
export async function diagnose(options: DiagnoseOptions = {}): Promise<Findings> {
  const signal = options.signal ?? new AbortController().signal;
  const run = new Run(new URL(options.url ?? '/', globalThis.location?.href).origin, signal, options.onProgress);
  try {
    await run.all();
  } finally {
    run.close();
  }
  signal.throwIfAborted();
  return run.findings;
}

class Run {
  findings: Findings;
  readonly #origin: string;
  readonly #signal: AbortSignal;
  readonly #onProgress: DiagnoseOptions['onProgress'];
  readonly #paths: RelayPath[] = [];
  #phases = Object.fromEntries(kDoctorSteps.map((step) => [step, 'waiting'])) as Phases;

  constructor(origin: string, signal: AbortSignal, onProgress: DiagnoseOptions['onProgress']) {
    this.#origin = origin;
    this.#signal = signal;
    this.#onProgress = onProgress;
    const webrtc = typeof RTCPeerConnection !== 'undefined';
    const online = globalThis.navigator?.onLine ?? true;
    this.findings = { page: { origin, secure: globalThis.isSecureContext ?? true, webrtc, online } };
  }

  async all(): Promise<void> {
    const doors = Promise.all([
      this.#step('websocket', async () => ({ websocket: await tryWebSocket(this.#origin, this.#signal) })),
      this.#step('polling', async () => ({ polling: await tryPolling(this.#origin, this.#signal) })),
    ]);
    const server = await askServer(this.#origin, this.#withPhase('server'));
    this.#found({ server });
    const { info } = server;
    const connected = info && this.findings.page.webrtc ? this.#media(info) : Promise.resolve();
    const roundTrip = info && (await askRoundTrip(this.#origin, this.#signal));
    this.#found(roundTrip === undefined ? {} : { server: { ...server, roundTrip } }, 'server');
    await Promise.all([doors, connected]);
    for (const step of kDoctorSteps) this.#enter(step, 'over');
  }

  close(): void {
    for (const path of this.#paths) path.close();
  }

  async #media(info: DoctorInfo): Promise<void> {
    const addresses = this.#step('addresses', async () => ({ addresses: await findAddresses(info, this.#signal) }));
    const open = await Promise.all(
      relayServers(info).map(async ({ transport, url, server }) => {
        const path = new RelayPath(url, server);
        this.#paths.push(path);
        const finding = await path.open(this.#withPhase(transport));
        this.#relay(transport, finding);
        if (finding.state !== 'works') this.#enter(transport, 'over');
        return finding.state === 'works' ? [{ transport, path }] : [];
      }),
    );
    await addresses;
    await this.#measure(open.flat());
  }

  // Packets side by side, for they are few; the floods one after the other, for each takes all there is.
  async #measure(open: readonly { transport: Transport; path: RelayPath }[]): Promise<void> {
    await Promise.all(
      open.map(async ({ transport, path }) => {
        this.#enter(transport, 'packets');
        this.#relay(transport, (await measurePackets(path.lossy, this.#signal)) ?? { loss: 100 });
      }),
    );
    for (const { transport, path } of open) {
      if (this.#signal.aborted) return;
      this.#enter(transport, 'bandwidth');
      this.#relay(transport, { bandwidth: await measureBandwidth(path.reliable, this.#signal) });
      this.#enter(transport, 'over');
      path.close();
    }
  }

  async #step(step: StepName, find: () => Promise<Partial<Findings>>): Promise<void> {
    this.#enter(step, 'trying');
    this.#found(await find(), step);
  }

  #withPhase(step: StepName): AbortSignal {
    this.#enter(step, 'trying');
    return this.#signal;
  }

  #enter(step: StepName, phase: StepPhase): void {
    if (this.#phases[step] === phase) return;
    this.#phases = { ...this.#phases, [step]: phase };
    this.#tell();
  }

  #found(part: Partial<Findings>, over?: StepName): void {
    this.findings = { ...this.findings, ...part };
    if (over) this.#phases = { ...this.#phases, [over]: 'over' };
    this.#tell();
  }

  #relay(transport: Transport, part: Partial<RelayFinding>): void {
    const { relays = {} } = this.findings;
    const before = relays[transport];
    const now = before ? { ...before, ...part } : (part as RelayFinding);
    this.#found({ relays: { ...relays, [transport]: now } });
  }

  #tell(): void {
    if (!this.#signal.aborted) this.#onProgress?.(this.findings, this.#phases);
  }
}
