import { Emitter } from '../emitter';
import { newId } from '../ids';
import { FileLine, kChannelLabel, type FileMessage } from './file_line';
import { IncomingFile } from './incoming_file';
import { OutgoingFile } from './outgoing_file';
import { safeName } from './safe_name';
import type { FileTransfer, TransferFailure, TransferState } from './transfer';

export interface FilesEvents {
  /** A transfer came, went or moved on. */
  change: undefined;
  /** Someone offers us a file: {@link Files.accept} or {@link Files.decline} it. */
  offer: FileTransfer;
}

/** Someone to exchange files with. */
export interface FilePeer {
  readonly name: string;
  readonly link: { readonly state: string; openChannel(label: string): RTCDataChannel | undefined };
}

/** The largest file, in bytes, unless {@link Files.limit} is set. */
export const kDefaultFileLimit = 100 * 1024 * 1024;
/** Undecided offers of one person; more are declined. */
const kMaxOffers = 20;
/** Transfers that are remembered; the oldest that are over are forgotten. */
const kMaxKept = 200;
/** Progress is told no more often than this, in bytes. */
const kProgressStep = 256 * 1024;
/** A channel that broke while the link is good is opened anew after this, in milliseconds. */
const kReopenAfter = 1000;

const kOpenStates: readonly TransferState[] = ['offered', 'active'];

interface Job {
  info: FileTransfer;
  readonly outgoing?: OutgoingFile;
  readonly incoming?: IncomingFile;
}

/**
 * Files straight from one browser to others, without the server: each receiver is offered the file and
 * decides. What arrives has the size and the SHA-256 that were announced, or the transfer has failed. One that
 * is broken off by a lost connection goes on where it was, once there is a connection again.
 */
export class Files extends Emitter<FilesEvents> {
  /** The largest file that is sent, or taken, in bytes. */
  limit = kDefaultFileLimit;
  readonly #room: () => ReadonlyMap<string, FilePeer>;
  readonly #jobs = new Map<string, Job>();
  readonly #lines = new Map<string, FileLine>();
  #transfers: readonly FileTransfer[] | undefined;
  #numbers = 0;
  #closed = false;

  constructor(room: () => ReadonlyMap<string, FilePeer>) {
    super();
    this.#room = room;
  }

  /** All transfers of this meeting, oldest first. The same array until `change`. */
  get transfers(): readonly FileTransfer[] {
    this.#transfers ??= [...this.#jobs.values()].map(({ info }) => info);
    return this.#transfers;
  }

  /** Offers a file to some, by `sid`, or to everyone in the room. One transfer for each. */
  send(file: File, to: readonly string[] = [...this.#room().keys()]): FileTransfer[] {
    return to.flatMap((sid) => {
      const peer = this.#room().get(sid);
      return peer ? [this.#offer(file, sid, peer.name)] : [];
    });
  }

  /** Takes an offered file. */
  accept(id: string): void {
    const job = this.#jobs.get(id);
    if (job?.incoming && job.info.state === 'offered') {
      this.#set(job, { state: 'active' });
      this.#say(job.info.sid, { type: 'accept', id, from: job.incoming.bytes });
    }
  }

  decline(id: string): void {
    const job = this.#jobs.get(id);
    if (!job?.incoming || job.info.state !== 'offered') return;
    this.#say(job.info.sid, { type: 'decline', id });
    this.#set(job, { state: 'declined' });
  }

  /** Stops a transfer, from either side. */
  cancel(id: string): void {
    const job = this.#jobs.get(id);
    if (!job || !isOpen(job)) return;
    this.#say(job.info.sid, { type: 'cancel', id });
    this.#end(job, 'cancelled');
  }

  /** Forgets a transfer that is over, and the received file with it. */
  forget(id: string): void {
    const job = this.#jobs.get(id);
    if (!job || isOpen(job)) return;
    this.#jobs.delete(id);
    this.#changed();
  }

  /** Whether a file is on its way to or from somebody, or waits to be. @internal */
  isBusy(sid: string): boolean {
    return this.#openJobs(sid).length > 0;
  }

  /** The other end opened a channel. @internal */
  adopt(sid: string, channel: RTCDataChannel): void {
    this.#line(sid).adopt(channel);
  }

  /** The link to someone is good, again perhaps: what waits goes on. @internal */
  connected(sid: string): void {
    if (!this.#closed && this.#openJobs(sid).length > 0) this.#line(sid).open();
  }

  /** Someone is gone. @internal */
  left(sid: string): void {
    this.#lines.get(sid)?.close();
    this.#lines.delete(sid);
    for (const job of this.#openJobs(sid)) this.#end(job, 'failed', 'left');
  }

  /** The meeting is over for us; what arrived stays. @internal */
  close(): void {
    this.#closed = true;
    for (const sid of [...this.#lines.keys()]) this.left(sid);
  }

  #offer(file: File, sid: string, peerName: string): FileTransfer {
    const id = newId();
    const name = safeName(file.name);
    const { size, type } = file;
    const isTooLarge = size > this.limit;
    const info: FileTransfer = {
      ...{ id, direction: 'out', sid, peerName, name, size, type, bytes: 0, blob: undefined },
      state: isTooLarge ? 'failed' : 'offered',
      reason: isTooLarge ? 'too-large' : undefined,
    };
    this.#add({ info, outgoing: new OutgoingFile(id, ++this.#numbers, file) });
    if (!isTooLarge) this.#say(sid, { type: 'offer', id, name, size, mime: type });
    return info;
  }

  #line(sid: string): FileLine {
    const known = this.#lines.get(sid);
    if (known) return known;
    const line = new FileLine(() => this.#room().get(sid)?.link.openChannel(kChannelLabel), {
      onOpen: () => this.#onOpen(sid),
      onMessage: (message) => this.#onMessage(sid, message),
      onChunk: (number, bytes) => this.#onChunk(sid, number, bytes),
      onClose: () => this.#onClose(sid),
    });
    this.#lines.set(sid, line);
    return line;
  }

  // Said now, or all over again once the line is open.
  #say(sid: string, message: FileMessage): void {
    const line = this.#line(sid);
    if (!line.say(message) && this.#room().get(sid)?.link.state === 'connected') line.open();
  }

  #onOpen(sid: string): void {
    for (const { info, outgoing, incoming } of this.#openJobs(sid)) {
      const { id, name, size, type, state } = info;
      if (outgoing && state === 'offered') this.#say(sid, { type: 'offer', id, name, size, mime: type });
      else if (incoming && state === 'active') this.#say(sid, { type: 'accept', id, from: incoming.bytes });
    }
  }

  #onClose(sid: string): void {
    for (const { outgoing, incoming } of this.#openJobs(sid)) {
      outgoing?.stop();
      incoming?.pause();
    }
    setTimeout(() => this.#room().get(sid)?.link.state === 'connected' && this.connected(sid), kReopenAfter);
  }

  #onMessage(sid: string, message: FileMessage): void {
    if (message.type === 'offer') return this.#onOffer(sid, message);
    const job = this.#jobs.get(message.id);
    if (!job || job.info.sid !== sid || !isOpen(job)) return;
    if (message.type === 'cancel') this.#end(job, 'cancelled');
    else if (job.outgoing) this.#onAnswer(job, job.outgoing, message);
    else if (job.incoming && job.info.state === 'active') this.#onDelivery(job, job.incoming, message);
  }

  #onOffer(sid: string, { id, name = '', size = -1, mime = '' }: FileMessage): void {
    const known = this.#jobs.get(id);
    if (known) {
      if (known.info.sid === sid && known.info.state === 'declined') this.#say(sid, { type: 'decline', id });
      return;
    }
    const undecided = this.#openJobs(sid).filter(({ info }) => info.state === 'offered').length;
    const isSane = Number.isSafeInteger(size) && size >= 0 && size <= this.limit && id.length <= 64;
    if (!isSane || undecided >= kMaxOffers) return this.#say(sid, { type: 'decline', id });
    const type = /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/.test(mime) ? mime : 'application/octet-stream';
    const peerName = this.#room().get(sid)?.name ?? '';
    const job: Job = {
      info: {
        ...{ id, direction: 'in', sid, peerName, name: safeName(name), size, type, bytes: 0, blob: undefined },
        state: 'offered',
        reason: undefined,
      },
      incoming: new IncomingFile(size, type),
    };
    this.#add(job);
    this.emit('offer', job.info);
  }

  #onAnswer(job: Job, outgoing: OutgoingFile, { type, from = 0 }: FileMessage): void {
    const { sid, size } = job.info;
    if (type === 'decline') return this.#end(job, 'declined');
    if (type === 'failed') return this.#end(job, 'failed', 'damaged');
    if (type === 'done') return this.#set(job, { state: 'done', bytes: size });
    if (type !== 'accept') return;
    this.#set(job, { state: 'active', bytes: from });
    outgoing
      .send(this.#line(sid), from, (bytes) => isOpen(job) && this.#set(job, { bytes }))
      .catch(() => {
        if (!isOpen(job)) return;
        this.#say(sid, { type: 'cancel', id: job.info.id });
        this.#end(job, 'failed', 'unreadable');
      });
  }

  #onDelivery(job: Job, incoming: IncomingFile, { type, id, number = -1, from = 0, sha256 = '' }: FileMessage): void {
    if (type === 'begin') {
      if (!incoming.begin(number, from)) this.#fail(job);
    } else if (type === 'end') {
      const blob = incoming.finish(sha256);
      if (!blob) return this.#fail(job);
      this.#say(job.info.sid, { type: 'done', id });
      this.#set(job, { state: 'done', blob });
    }
  }

  #onChunk(sid: string, number: number, bytes: Uint8Array<ArrayBuffer>): void {
    const job = this.#openJobs(sid).find(({ incoming }) => incoming?.owns(number));
    if (!job?.incoming || job.info.state !== 'active') return;
    if (!job.incoming.take(bytes)) return this.#fail(job);
    const { bytes: arrived } = job.incoming;
    if (arrived - job.info.bytes >= kProgressStep || arrived === job.info.size) this.#set(job, { bytes: arrived });
  }

  #fail(job: Job): void {
    this.#say(job.info.sid, { type: 'failed', id: job.info.id });
    this.#end(job, 'failed', 'damaged');
  }

  #end(job: Job, state: TransferState, reason?: TransferFailure): void {
    job.outgoing?.stop();
    this.#set(job, { state, reason });
  }

  #openJobs(sid: string): Job[] {
    return [...this.#jobs.values()].filter((job) => job.info.sid === sid && isOpen(job));
  }

  #add(job: Job): void {
    this.#jobs.set(job.info.id, job);
    const over = [...this.#jobs.values()].filter((one) => !isOpen(one));
    for (const { info } of over.slice(0, Math.max(0, this.#jobs.size - kMaxKept))) this.#jobs.delete(info.id);
    this.#changed();
  }

  #set(job: Job, change: Partial<FileTransfer>): void {
    job.info = { ...job.info, ...change };
    this.#changed();
  }

  #changed(): void {
    this.#transfers = undefined;
    this.emit('change', undefined);
  }
}

function isOpen({ info }: Job): boolean {
  return kOpenStates.includes(info.state);
}
