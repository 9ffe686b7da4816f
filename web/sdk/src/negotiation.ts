import type { CandidateMessage, DescriptionMessage } from './protocol';
import { ufragsOf } from './sdp';

/** The part of RTCPeerConnection that negotiation needs; tests bring a fake. */
export type Negotiable = Pick<
  RTCPeerConnection,
  'signalingState' | 'localDescription' | 'setLocalDescription' | 'setRemoteDescription' | 'addIceCandidate'
>;

export interface NegotiationOptions {
  readonly pc: Negotiable;
  /** Gives way when two offers cross. Exactly one of the two sides is polite. */
  readonly polite: boolean;
  /** Hands a local description to the other side. */
  send(description: RTCSessionDescription): void;
  /** The other side's description is about to be taken in: it was neither ignored nor stale. */
  onAccept(message: DescriptionMessage): void;
  /** It is in force. */
  onRemoteDescription(): void;
  /** It was an offer, and the answer is made right after: the time to attach own tracks to it. */
  prepareAnswer(): void;
  /** The browser refused a description: a defect on one of the two sides. */
  onError(error: unknown): void;
}

/** Candidates that came before any description. A browser gathers fewer than thirty. */
const kMaxEarlyCandidates = 100;

/**
 * Perfect negotiation over one peer connection, after W3C WebRTC 1.0, 10.7, whose variables it
 * keeps. The browser's operations chain orders the calls; what is decided here is decided without an
 * `await` in between. Once closed, everything that is still under way falls silent.
 */
export class Negotiation {
  readonly #options: NegotiationOptions;
  #makingOffer = false;
  #ignoreOffer = false;
  #isSettingRemoteAnswerPending = false;
  #closed = false;
  // Of the newest remote description taken in; undefined before the first.
  #remoteUfrags: Set<string> | undefined;
  #earlyCandidates: (CandidateMessage | null)[] = [];

  constructor(options: NegotiationOptions) {
    this.#options = options;
  }

  /** The handler of `negotiationneeded`: makes an offer and sends it. */
  async offer(): Promise<void> {
    const { pc } = this.#options;
    try {
      this.#makingOffer = true;
      await pc.setLocalDescription();
      this.#sendLocal();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#makingOffer = false;
    }
  }

  /** Sends the pending offer again, candidates included: the first may never have arrived. */
  resend(): void {
    if (this.#options.pc.signalingState === 'have-local-offer') this.#sendLocal();
  }

  /** Takes in the other side's offer or answer, unless it is an offer that has to be ignored. */
  async handleDescription(message: DescriptionMessage): Promise<void> {
    const { pc, polite } = this.#options;
    const description: RTCSessionDescriptionInit = { type: message.type, sdp: message.sdp };
    const isStable =
      pc.signalingState === 'stable' ||
      (pc.signalingState === 'have-local-offer' && this.#isSettingRemoteAnswerPending);
    const offerCollision = description.type === 'offer' && (this.#makingOffer || !isStable);
    this.#ignoreOffer = !polite && offerCollision;
    if (this.#ignoreOffer || this.#isUnasked(description)) return;

    this.#options.onAccept(message);
    this.#isSettingRemoteAnswerPending = description.type === 'answer';
    this.#remoteUfrags = ufragsOf(message.sdp);
    try {
      const applied = pc.setRemoteDescription(description); // Rolls our own offer back if need be.
      this.#addEarlyCandidates();
      await applied;
      this.#isSettingRemoteAnswerPending = false;
      if (this.#closed) return;
      this.#options.onRemoteDescription();
      if (description.type === 'offer') await this.#answer();
    } catch (error) {
      this.#isSettingRemoteAnswerPending = false;
      this.#fail(error);
    }
  }

  /** Takes in a candidate; null says that no more will come. */
  handleCandidate(candidate: CandidateMessage | null): void {
    if (this.#remoteUfrags === undefined) {
      if (this.#earlyCandidates.length < kMaxEarlyCandidates) this.#earlyCandidates.push(candidate);
    } else if (this.#belongs(candidate)) {
      void this.#addCandidate(candidate);
    }
  }

  close(): void {
    this.#closed = true;
  }

  async #answer(): Promise<void> {
    this.#options.prepareAnswer();
    await this.#options.pc.setLocalDescription();
    this.#sendLocal();
  }

  #sendLocal(): void {
    const { localDescription } = this.#options.pc;
    if (!this.#closed && localDescription) this.#options.send(localDescription);
  }

  // A second answer to one offer (it was resent), or a rollback of what we never took in.
  #isUnasked({ type }: RTCSessionDescriptionInit): boolean {
    const state = this.#options.pc.signalingState;
    if (type === 'offer') return false;
    if (type === 'rollback') return state !== 'have-remote-offer';
    const awaited = state === 'have-local-offer' || state === 'have-remote-pranswer';
    return !awaited || this.#isSettingRemoteAnswerPending;
  }

  // A candidate of an ICE session that was restarted, or of an offer that was ignored, is dropped.
  #belongs(candidate: CandidateMessage | null): boolean {
    const ufrag = candidate?.usernameFragment;
    return !ufrag || this.#remoteUfrags?.has(ufrag) === true;
  }

  #addEarlyCandidates(): void {
    const candidates = this.#earlyCandidates.splice(0);
    for (const candidate of candidates) this.handleCandidate(candidate);
  }

  async #addCandidate(candidate: CandidateMessage | null): Promise<void> {
    try {
      await this.#options.pc.addIceCandidate(candidate ?? undefined);
    } catch (error) {
      if (!this.#ignoreOffer) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!this.#closed) this.#options.onError(error);
  }
}
