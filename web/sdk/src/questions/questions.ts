import { Emitter } from '../emitter';
import { asSignalError, SignalError } from '../errors';
import { newId } from '../ids';
import { isHost } from '../permissions';
import type { Acknowledgement, Role } from '../protocol';
import type { Wire } from '../wire';
import type { QuestionRecord, QuestionVerdict } from './events';
import type { Question } from './question';

export interface QuestionsEvents {
  /** Questions, or the votes on them, changed. */
  change: undefined;
  /** Somebody else's doing: a question is new to us, or is in another state. */
  moved: Question;
}

/** The part of the room that {@link Questions} looks at. */
export interface QuestionsRoom {
  readonly sid: string | undefined;
  readonly name: string;
  readonly isHost: boolean;
}

/** The longest question, in bytes of UTF-8. */
export const kMaxQuestionBytes = 500;
/** Questions asked for at once. */
const kPage = 100;
/** A hall that comes back all at once reads within so long, in milliseconds. */
const kSpread = 4000;
const kPassing = new Set(['offline', 'timeout', 'unavailable']);

/**
 * The room's questions, and the votes on them. Ours are here from the moment they are asked, and so is a vote; what is
 * done while the connection is gone waits for it, and is there once.
 */
export class Questions extends Emitter<QuestionsEvents> {
  readonly #wire: Wire;
  readonly #room: () => QuestionsRoom;
  // By id.
  #records = new Map<number, QuestionRecord>();
  // What a reading under way has found; what is told meanwhile is newer.
  #reading: Map<number, QuestionRecord> | undefined;
  // Ours that the server has not acknowledged, by key, in the order of asking.
  readonly #outbox = new Map<string, Question>();
  // Votes that it has not: what each is to be.
  readonly #ballots = new Map<number, { readonly on: boolean }>();
  #all: readonly Question[] | undefined;
  #loaded = false;
  #host: boolean | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(wire: Wire, room: () => QuestionsRoom) {
    super();
    this.#wire = wire;
    this.#room = room;
    wire.on('questionChanged', ({ question }) => this.#onChanged(question));
    wire.on('questionGone', ({ id }) => this.#drop(id));
    wire.on('questionVotes', ({ votes: counts }) => {
      for (const { id, votes } of counts) this.#alter(id, { votes });
    });
    wire.on('participant', ({ participant: { sid, role } }) => {
      if (sid === this.#room().sid) this.#onRole(role);
    });
  }

  /** In the order of asking, ours that are on their way last. The same array until `change`. */
  get all(): readonly Question[] {
    this.#all ??= [
      ...[...this.#records.values()].sort((a, b) => a.id - b.id).map((record) => this.#shown(record)),
      ...this.#outbox.values(),
    ];
    return this.#all;
  }

  /** Whether the list has been read. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** How many wait for a host; others than hosts count their own. */
  get waiting(): number {
    return this.all.filter(({ id, state }) => id !== undefined && state === 'waiting').length;
  }

  /**
   * Asks a question. It is among {@link all} at once; resolves when the server has it. Without a connection it stays
   * `pending` until there is one again. Rejects with a {@link SignalError} where the server refuses, and the question
   * stays as `failed`.
   */
  async ask(text: string): Promise<void> {
    checkText(text);
    const { sid, name, isHost } = this.#room();
    await this.#deliver({
      id: undefined,
      key: newId(),
      sid: sid ?? '',
      name,
      text,
      state: isHost ? 'open' : 'waiting',
      votes: 0,
      voted: false,
      at: Date.now(),
      own: true,
      delivery: 'pending',
      error: undefined,
    });
  }

  /** Sends a failed question again. */
  async retry(key: string): Promise<void> {
    const question = this.#outbox.get(key);
    if (question?.delivery === 'failed') await this.#deliver({ ...question, delivery: 'pending', error: undefined });
  }

  /** Forgets a failed question. */
  discard(key: string): void {
    if (this.#outbox.get(key)?.delivery !== 'failed') return;
    this.#outbox.delete(key);
    this.#changed();
  }

  /**
   * Gives our vote to an open question, or takes it back. It shows at once; resolves when the server has counted it, and
   * rejects with a {@link SignalError} where it did not: the vote is as before then.
   */
  async vote(id: number, on: boolean): Promise<void> {
    const ballot = { on };
    this.#ballots.set(id, ballot);
    this.#changed();
    await this.#cast(id, ballot);
  }

  /** Hosts: lets a question be seen and voted on, marks it as answered, or puts it aside. */
  async judge(id: number, state: QuestionVerdict): Promise<void> {
    this.#put((await this.#wire.request('questionState', { id, state })).question);
  }

  /** Takes a question of ours back; hosts can take back any. */
  async delete(id: number): Promise<void> {
    await this.#wire.request('questionDelete', { id });
    this.#drop(id);
  }

  /** Reads the list anew, after a join; what was not acknowledged is sent again. @internal */
  async refresh(): Promise<void> {
    clearTimeout(this.#later);
    this.#host = this.#room().isHost;
    for (const question of this.#outbox.values()) {
      if (question.delivery === 'pending') void this.#deliver(question).catch(() => undefined);
    }
    for (const [id, ballot] of this.#ballots) void this.#cast(id, ballot).catch(() => undefined);
    const reading = new Map<number, QuestionRecord>();
    this.#reading = reading;
    for (let after: number | null | undefined; after !== null;) {
      const page = await this.#request({ limit: kPage, ...(after !== undefined && { after }) });
      if (this.#reading !== reading) return; // Another one began.
      if (!page) {
        this.#reading = undefined;
        return;
      }
      for (const question of page.questions) reading.set(question.id, question);
      after = page.next;
    }
    this.#reading = undefined;
    this.#records = reading;
    for (const { key } of reading.values()) this.#outbox.delete(key);
    this.#loaded = true;
    this.#changed();
  }

  /** @internal */
  close(): void {
    clearTimeout(this.#later);
  }

  // Undefined where it could not be read now: when the connection went, the next join asks again.
  async #request(fields: { limit: number; after?: number }): Promise<Acknowledgement<'questions'> | undefined> {
    try {
      return await this.#wire.request('questions', fields);
    } catch (error) {
      const { code } = asSignalError(error);
      if (code === 'too-many-requests') this.#tryLater();
      else if (!kPassing.has(code)) throw error;
      return undefined;
    }
  }

  #tryLater(): void {
    this.#later = setTimeout(() => {
      void this.refresh().catch(() => undefined);
    }, Math.random() * kSpread);
  }

  async #deliver(question: Question): Promise<void> {
    const { key, text } = question;
    this.#outbox.set(key, question);
    this.#changed();
    try {
      this.#put((await this.#wire.request('question', { key, text })).question);
    } catch (error) {
      const failure = asSignalError(error);
      if (failure.code === 'offline' || !this.#outbox.has(key)) return; // It goes with the next refresh().
      this.#outbox.set(key, { ...question, delivery: 'failed', error: failure });
      this.#changed();
      throw failure;
    }
  }

  async #cast(id: number, ballot: { readonly on: boolean }): Promise<void> {
    try {
      const counted = await this.#wire.request('questionVote', { id, on: ballot.on });
      if (this.#ballots.get(id) === ballot) this.#ballots.delete(id);
      this.#alter(id, counted);
    } catch (error) {
      const failure = asSignalError(error);
      if (failure.code === 'offline') return; // As above.
      if (this.#ballots.get(id) === ballot) this.#ballots.delete(id);
      this.#changed();
      throw failure;
    }
  }

  #onChanged(record: QuestionRecord): void {
    this.#put(record);
    this.emit('moved', this.#shown(record));
  }

  // A new host sees more; one who was a host no longer sees what only hosts do.
  #onRole(role: Role): void {
    const host = isHost(role);
    if (host === this.#host) return;
    if (host) void this.refresh().catch(() => undefined);
    this.#host = host;
    if (host) return;
    for (const { id, state, sid } of this.#records.values()) {
      if ((state === 'waiting' || state === 'dismissed') && sid !== this.#room().sid) this.#drop(id);
    }
  }

  #put(record: QuestionRecord): void {
    this.#outbox.delete(record.key);
    this.#records.set(record.id, record);
    this.#reading?.set(record.id, record);
    this.#changed();
  }

  #alter(id: number, change: Partial<QuestionRecord>): void {
    const record = this.#records.get(id) ?? this.#reading?.get(id);
    if (record) this.#put({ ...record, ...change });
    else this.#changed();
  }

  #drop(id: number): void {
    this.#reading?.delete(id);
    this.#ballots.delete(id);
    if (this.#records.delete(id)) this.#changed();
  }

  #shown(record: QuestionRecord): Question {
    const on = this.#ballots.get(record.id)?.on ?? record.voted;
    const votes = record.votes + Number(on) - Number(record.voted);
    const own = record.sid === this.#room().sid;
    return { ...record, votes, voted: on, own, delivery: 'sent', error: undefined };
  }

  #changed(): void {
    this.#all = undefined;
    this.emit('change', undefined);
  }
}

function checkText(text: string): void {
  if (text.trim() === '') throw new SignalError('invalid', 'The question is empty.', 'text');
  if (new TextEncoder().encode(text).length > kMaxQuestionBytes) {
    throw new SignalError('invalid', `The question is longer than ${kMaxQuestionBytes} bytes.`, 'text');
  }
}
