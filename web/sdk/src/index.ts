/**
 * `@parley/client`: take part in a Parley meeting from any web page.
 *
 * @packageDocumentation
 */
export { join, type JoinOptions } from './join';
export { Room, type RoomEvents, type RoomOptions } from './room';
export { Participant } from './participant';
export { PeerLink, type LinkEvents, type LinkState } from './peer_link';
export {
  LocalMedia,
  type DeviceLists,
  type LocalMediaEvents,
  type LocalMediaSnapshot,
  type ScreenState,
} from './local_media';
export type { CaptureState } from './capture';
export { DeviceError, type DeviceErrorCode, type DeviceKind } from './device_error';
export { SignalError } from './errors';
export { LevelMeter } from './level_meter';
export { Emitter, type Listener } from './emitter';
export { mark, type Mark } from './marks';
export { warmUp } from './warm';
export type { RoomState, SignalSocket } from './signalling';
export type { LinkStats, Quality } from './stats';
export type { MediaFlags, ParticipantInfo, Source, Topology } from './protocol';
