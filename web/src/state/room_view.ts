import type { LinkState, Participant, Room, RoomState } from '@parley/client';

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
}

/** A sound to play. */
export interface AudioView {
  readonly id: string;
  readonly track: MediaStreamTrack;
}

export interface RoomView {
  readonly state: RoomState;
  readonly people: readonly TileView[];
  readonly screens: readonly TileView[];
  readonly audio: readonly AudioView[];
  readonly sharing: boolean;
}

/** What is to be drawn of a room. */
export function viewOf(room: Room): RoomView {
  const participants = [...room.participants.values()];
  const screens = participants.flatMap(screenOf);
  const own = room.media.screen.video;
  if (own) screens.push({ ...selfOf(room), id: 'self/screen', source: 'screen', video: own });
  return {
    state: room.state,
    people: [selfOf(room), ...participants.map(cameraOf)],
    screens,
    audio: participants.flatMap(audioOf),
    sharing: own !== undefined,
  };
}

/** A room's view, computed once a change, and only if someone looks. */
export class RoomViews {
  readonly #room: Room;
  #view: RoomView | undefined;

  constructor(room: Room) {
    this.#room = room;
  }

  readonly get = (): RoomView => (this.#view ??= viewOf(this.#room));

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#view = undefined; // What changed before anyone listened was not noticed.
    return this.#room.on('change', () => {
      this.#view = undefined;
      listener();
    });
  };
}

function selfOf(room: Room): TileView {
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
  };
}

function cameraOf(participant: Participant): TileView {
  const { sid, name, micinf, vidinf, speaking, away, link } = participant;
  const video = vidinf ? participant.track('camera') : undefined;
  return { id: sid, sid, name, source: 'camera', self: false, muted: !micinf, video, speaking, away, link: link.state };
}

function screenOf(participant: Participant): TileView[] {
  const video = participant.scrinf ? participant.track('screen') : undefined;
  return video ? [{ ...cameraOf(participant), id: `${participant.sid}/screen`, source: 'screen', video }] : [];
}

function audioOf(participant: Participant): AudioView[] {
  return (['microphone', 'screen-audio'] as const).flatMap((source) => {
    const track = participant.track(source);
    return track ? [{ id: `${participant.sid}/${source}`, track }] : [];
  });
}
