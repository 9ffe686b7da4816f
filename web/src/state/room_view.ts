import type {
  ConnectionQuality,
  LinkState,
  OneStreamState,
  Participant,
  Picture,
  Room,
  RoomState,
  SendingLimit,
  Sound,
} from '@parley/client';
import { choiceOf, pictureChoices } from './picture_choice';
import { nextSpeaker } from './stage';

/** One picture in the room: a person, or a screen that someone shares. */
export interface TileView {
  readonly id: string;
  readonly sid: string;
  readonly name: string;
  readonly source: 'camera' | 'screen';
  readonly self: boolean;
  readonly muted: boolean;
  /** The picture, if there is one to show. */
  readonly video: MediaStreamTrack | undefined;
  readonly speaking: boolean;
  readonly away: boolean;
  readonly link: LinkState | undefined;
  /** Their place in the queue of raised hands, from 1. */
  readonly hand: number | undefined;
  readonly quality: ConnectionQuality | undefined;
  /** Whether it comes by the server, and not straight from them. */
  readonly byServer: boolean;
  /** Whether they have the camera on, or share the screen that this is. */
  readonly camera: boolean;
  /** What keeps our own picture from being better; undefined of others. */
  readonly sending: SendingLimit | undefined;
  /** How good the picture is, and what keeps it from being better; undefined while there is none of theirs. */
  readonly picture: Picture | undefined;
}

/** Everyone in one picture, as far as it is there. */
export interface OneStreamView {
  readonly state: OneStreamState;
  readonly track: MediaStreamTrack | undefined;
  readonly picture: Picture | undefined;
}

/** A lecture as it is drawn; in a meeting everybody is on stage. */
export interface LectureView {
  readonly on: boolean;
  readonly onStage: boolean;
  /** How many watch, and how many of them want to speak. */
  readonly audience: number;
  readonly hands: number;
}

export interface RoomView {
  readonly state: RoomState;
  /** Whose pictures there are: ourselves first, unless we are in the audience. */
  readonly people: readonly TileView[];
  readonly screens: readonly TileView[];
  readonly audio: readonly Sound[];
  readonly oneStream: OneStreamView;
  readonly lecture: LectureView;
  readonly sharing: boolean;
  /** The id of the tile whose person speaks, or spoke last. */
  readonly speaker: string | undefined;
}

/** What is to be drawn of a room; `before` is who spoke last so far. */
export function viewOf(room: Room, before?: string): RoomView {
  const hands: Hands = new Map(room.hands.map(({ sid }, index) => [sid, index + 1]));
  const participants = [...room.participants.values()];
  const self = selfOf(room, hands);
  const lecture = lectureOf(room);
  const people = [
    ...(lecture.onStage ? [self] : []),
    ...participants.map((participant) => cameraOf(participant, hands)),
  ];
  const speaking = people.filter((tile) => tile.speaking).map(({ id }) => id);
  const screens = participants.flatMap((participant) => screenOf(participant, hands));
  const own = room.media.screen.video;
  if (own) screens.push({ ...self, id: 'self/screen', source: 'screen', video: own, camera: true });
  return {
    state: room.state,
    people,
    screens,
    audio: room.sounds,
    oneStream: streamOf(room),
    lecture,
    sharing: own !== undefined,
    speaker: nextSpeaker(before, speaking),
  };
}

function streamOf({ oneStream: { state, track, picture } }: Room): OneStreamView {
  return { state, track, picture };
}

function lectureOf({ lecture: { on, onStage, audience } }: Room): LectureView {
  return { on, onStage, audience: audience?.count ?? 0, hands: audience?.hands ?? 0 };
}

/** Whether sound and picture go on without the server, as far as can be told: they come straight from someone. */
export function callGoesOn({ state, people }: RoomView): boolean {
  return state === 'reconnecting' && people.some(({ link, byServer }) => link === 'connected' && !byServer);
}

/** A room's view, computed once a change for all who look. */
export class RoomViews {
  readonly #room: Room;
  readonly #listeners = new Set<() => void>();
  #stop: (() => void) | undefined;
  #view: RoomView | undefined;
  #speaker: string | undefined;

  constructor(room: Room) {
    this.#room = room;
  }

  readonly get = (): RoomView => {
    this.#view ??= viewOf(this.#room, this.#speaker);
    this.#speaker = this.#view.speaker;
    return this.#view;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) {
      this.#view = undefined; // What changed before anyone listened was not noticed.
      const stops = [this.#room.on('change', () => this.#onChange()), pictureChoices.subscribe(() => this.#onChange())];
      this.#stop = () => stops.forEach((stop) => stop());
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop?.();
    };
  };

  #onChange(): void {
    this.#view = undefined;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Places in the queue of raised hands, by `sid`. */
type Hands = ReadonlyMap<string, number>;

function selfOf(room: Room, hands: Hands): TileView {
  const { micinf, vidinf } = room.media.flags;
  return {
    id: 'self',
    sid: room.sid ?? '',
    name: room.name,
    source: 'camera',
    self: true,
    muted: !micinf,
    video: vidinf ? room.media.camera.track : undefined,
    speaking: room.speaking && micinf,
    away: false,
    link: undefined,
    hand: hands.get(room.sid ?? ''),
    quality: undefined,
    byServer: false,
    camera: vidinf,
    sending: room.sendingLimit,
    picture: undefined,
  };
}

function cameraOf(participant: Participant, hands: Hands): TileView {
  const { sid, name, micinf, vidinf, speaking, away, link, quality } = participant;
  const video = vidinf && choiceOf(sid) !== 'off' ? participant.track('camera') : undefined;
  return {
    id: sid,
    sid,
    name,
    source: 'camera',
    self: false,
    muted: !micinf,
    video,
    speaking,
    away,
    link: link.state,
    hand: hands.get(sid),
    quality,
    byServer: link.way === 'server',
    camera: vidinf,
    sending: undefined,
    picture: participant.picture('camera'),
  };
}

function screenOf(participant: Participant, hands: Hands): TileView[] {
  const id = `${participant.sid}/screen`;
  const track = participant.scrinf ? participant.track('screen') : undefined;
  // By the server a screen comes only once its tile is seen; straight from them, a tile without a picture is none.
  if (!participant.scrinf || (!track && participant.link.way === 'direct')) return [];
  const video = choiceOf(id) === 'off' ? undefined : track;
  const picture = participant.picture('screen');
  return [{ ...cameraOf(participant, hands), id, source: 'screen', video, camera: true, picture }];
}
