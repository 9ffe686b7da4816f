import { FakeTrack } from './fake_track';

type Direction = RTCRtpTransceiverDirection;

export class FakeSender {
  transport: EventTarget | null = null;
  #parameters: { encodings: object[] };
  constructor(
    public track: FakeTrack | null,
    encodings: object[] = [{}],
  ) {
    this.#parameters = { encodings };
  }
  replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }
  setStreams(): void {}
  getParameters(): { encodings: object[] } {
    return structuredClone(this.#parameters);
  }
  setParameters(parameters: { encodings: object[] }): Promise<void> {
    this.#parameters = parameters;
    return Promise.resolve();
  }
}

export class FakeTransceiver {
  mid: string | null = null;
  currentDirection: Direction | null = null;
  readonly sender: FakeSender;
  readonly receiver: { track: FakeTrack };
  #direction: Direction;

  constructor(
    readonly kind: string,
    direction: Direction,
    track: FakeTrack | null,
    readonly changed: () => void,
    encodings?: object[],
  ) {
    this.#direction = direction;
    this.receiver = { track: new FakeTrack(kind) };
    this.sender = new FakeSender(track, encodings);
  }

  get direction(): Direction {
    return this.#direction;
  }

  set direction(direction: Direction) {
    this.#direction = direction;
    this.changed();
  }

  stop(): void {
    this.direction = 'stopped';
  }
}
