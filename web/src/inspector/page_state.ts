import { DemoCall, kMaxFileBytes, LogFileError, readCallLog, type CallLogFile, type LogProblem } from '@parley/client';
import { Store } from '../state/store';
import { makeDemoMedia, type DemoMedia } from './demo_media';
import { LiveLog } from './live_log';
import { CallWatcher, type SharedCall } from './share';

/** What the page looks at. */
export type Source =
  | { readonly kind: 'demo' }
  | { readonly kind: 'call'; readonly id: string }
  | { readonly kind: 'file'; readonly name: string };

export interface InspectorState {
  readonly source: Source;
  /** Undefined until the first word of it. */
  readonly log: CallLogFile | undefined;
  /** Calls in other tabs of this browser. */
  readonly calls: readonly SharedCall[];
  /** The file that was opened last. */
  readonly file: { readonly name: string; readonly log: CallLogFile } | undefined;
  readonly problem: LogProblem | undefined;
  /** The call that is looked at is over. */
  readonly gone: boolean;
  /** What the demonstration sends and receives. */
  readonly sent: MediaStreamTrack | undefined;
  readonly received: MediaStreamTrack | undefined;
  /** How long its messages take, in milliseconds. */
  readonly delay: number;
}

/** Signalling by a server on the other side of the world. */
export const kFarDelay = 150;

/** How the two ends of the demonstration are called. */
export interface EndNames {
  readonly you: string;
  readonly peer: string;
}

/** The inspector's page: which log it shows, and where that comes from. */
export class InspectorPageState {
  readonly store = new Store<InspectorState>({
    ...{ source: { kind: 'demo' }, log: undefined, calls: [], file: undefined, problem: undefined, gone: false },
    ...{ sent: undefined, received: undefined, delay: 0 },
  });
  readonly #names: EndNames;
  #watcher: CallWatcher | undefined;
  #demo: { call: DemoCall; media: DemoMedia; stop: () => void } | undefined;

  constructor(names: EndNames) {
    this.#names = names;
  }

  /** Begins with the demonstration, and looks for calls, until the returned function is called. */
  start(): () => void {
    if (typeof BroadcastChannel !== 'undefined') {
      this.#watcher = new CallWatcher({
        calls: (calls) => this.#set({ calls }),
        log: (log) => this.#set({ log }),
        gone: () => this.#set({ gone: true }),
      });
    }
    this.call();
    return () => {
      this.#leave();
      this.#watcher?.close();
    };
  }

  /** Whether this browser can call at all. */
  get canCall(): boolean {
    return typeof RTCPeerConnection !== 'undefined';
  }

  /** Begins the demonstration, or begins it anew. */
  call(delay = this.store.get().delay): void {
    this.#leave();
    this.#set({ source: { kind: 'demo' }, log: undefined, delay });
    if (!this.canCall) return;
    const media = makeDemoMedia();
    const call = new DemoCall({ ...this.#names, tracks: media.tracks, delay });
    const live = new LiveLog(call.log);
    this.#set({ sent: media.tracks.find(({ kind }) => kind === 'video') });
    live.store.subscribe(() => this.#set({ log: live.store.get() }));
    this.#demo = { call, media, stop: live.open() };
    call.on('track', (track) => {
      if (track.kind === 'video') this.#set({ received: track });
    });
  }

  restartIce(): void {
    this.#demo?.call.restartIce();
  }

  /** Looks at the demonstration, a call in another tab, or the file that was opened. */
  show(source: Source): void {
    if (source.kind === 'demo') return this.call();
    this.#leave();
    this.#set({ source, log: source.kind === 'file' ? this.store.get().file?.log : undefined });
    if (source.kind === 'call') this.#watcher?.watch(source.id);
  }

  /** Reads a file that someone chose, and shows it unless it is something else. */
  async openFile(file: Pick<File, 'name' | 'size' | 'text'>): Promise<void> {
    try {
      if (file.size > kMaxFileBytes) throw new LogFileError('too-large', file.name);
      const log = readCallLog(await file.text());
      this.#set({ file: { name: file.name, log }, problem: undefined });
      this.show({ kind: 'file', name: file.name });
    } catch (error) {
      this.#set({ problem: error instanceof LogFileError ? error.problem : 'no-json' });
    }
  }

  #leave(): void {
    this.#demo?.stop();
    this.#demo?.call.close();
    this.#demo?.media.close();
    this.#demo = undefined;
    this.#watcher?.watch(undefined);
    this.#set({ sent: undefined, received: undefined, gone: false, problem: undefined });
  }

  #set(change: Partial<InspectorState>): void {
    this.store.update((now) => ({ ...now, ...change }));
  }
}
