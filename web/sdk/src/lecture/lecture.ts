import type { Participant } from '../participant';
import type { Acknowledgement, RoomSettings, ServerEvent, Welcome } from '../protocol';
import type { RoomEvents } from '../room_events';
import type { Signalling } from '../signalling';
import type { AudienceMember } from './events';

/** The audience of a lecture, as everybody knows it: a number, and for hosts who wants to speak. */
export interface Audience {
  readonly count: number;
  readonly hands: number;
  /** For hosts: the first raised hands, in their order. */
  readonly raised: readonly AudienceMember[];
}

/** A part of the audience, in the order of coming. */
export type RosterPage = Readonly<Acknowledgement<'roster'>>;

export interface RosterQuery {
  /** Goes on after a page: its `next`. */
  readonly after?: number | undefined;
  /** How many at most, 1 to 100; 50 by default. */
  readonly limit?: number | undefined;
  /** Part of a name. */
  readonly search?: string | undefined;
}

export interface LectureOptions {
  readonly signalling: Pick<Signalling, 'on' | 'request'>;
  readonly participants: () => ReadonlyMap<string, Participant>;
  /** Tells the application. */
  readonly emit: <K extends keyof RoomEvents>(name: K, event: RoomEvents[K]) => void;
  /** We went on stage, or may send no more: what is on is to go off. */
  readonly onStage: (onStage: boolean) => void;
}

/**
 * A lecture: few are on stage, and many watch. Who is on stage are {@link Room.participants}; the audience is a number,
 * and a list in pages to who is on stage. In a meeting everybody is on stage.
 *
 * Owner: Room.
 */
export class Lecture {
  readonly #options: LectureOptions;
  #on = false;
  #onStage = true;
  #audience: Audience | undefined;
  #wasIn = false;

  constructor(options: LectureOptions) {
    this.#options = options;
    const { signalling } = options;
    signalling.on('welcome', ({ welcome }) => this.#onWelcome(welcome));
    signalling.on('settings', (settings) => this.#onSettings(settings));
    signalling.on('stage', ({ onStage, by }) => this.#setStage(onStage, by ?? undefined));
    signalling.on('audience', (told) => this.#onAudience(told));
  }

  /** Whether the room is a lecture now. */
  get on(): boolean {
    return this.#on;
  }

  /** Whether we are on stage: only then may we send. True before it is known. */
  get onStage(): boolean {
    return this.#onStage;
  }

  /** Undefined in a meeting. */
  get audience(): Audience | undefined {
    return this.#audience;
  }

  /** For who is on stage: the audience in the order of coming, page by page. Rejects with a {@link SignalError}. */
  roster({ after, limit, search }: RosterQuery = {}): Promise<RosterPage> {
    return this.#options.signalling.request('roster', {
      ...(after !== undefined && { after }),
      ...(limit !== undefined && { limit }),
      ...(search !== undefined && search !== '' && { search }),
    });
  }

  /** Goes back into the audience; hosts stay. Resolves once everything of ours is off. */
  async leaveStage(): Promise<void> {
    await this.#options.signalling.request('stage', { on: false });
  }

  #onWelcome({ settings, onStage, audience }: Welcome): void {
    this.#on = settings.lecture;
    this.#take(audience);
    if (this.#wasIn) this.#setStage(onStage, undefined);
    this.#onStage = onStage;
    this.#wasIn = true;
  }

  #onSettings({ lecture }: RoomSettings): void {
    if (lecture === this.#on) return;
    this.#on = lecture;
    this.#take(lecture ? { count: 0, hands: 0 } : undefined);
    if (!lecture) this.#setStage(true, undefined);
  }

  #setStage(onStage: boolean, by: string | undefined): void {
    if (onStage === this.#onStage) return;
    this.#onStage = onStage;
    this.#options.onStage(onStage);
    this.#options.emit('stage', { onStage, by: this.#options.participants().get(by ?? '') });
    this.#options.emit('change', undefined);
  }

  #onAudience(told: ServerEvent<'audience'>): void {
    this.#take(told);
    if (this.#audience) this.#options.emit('audience', this.#audience);
    this.#options.emit('change', undefined);
  }

  #take(told: ServerEvent<'audience'> | undefined): void {
    const before = this.#audience?.raised ?? [];
    this.#audience = told && { ...told, raised: told.raised ?? (told.hands > 0 ? before : []) };
  }
}
