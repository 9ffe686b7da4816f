/**
 * `@parley/client`: take part in a Parley meeting from any web page.
 *
 * @packageDocumentation
 */
export { join, type JoinOptions } from './join';
export { Room } from './room';
export type { RoomOptions } from './room_options';
export type { RoomEvents } from './room_events';
export { Participant } from './participant';
export type { SelfInfo } from './place';
export { isHost, type Permission } from './permissions';
export { HostControls } from './host_controls';
export { Lecture, type Audience, type RosterPage, type RosterQuery } from './lecture/lecture';
export { Chat, kMaxChatBytes, type ChatEvents, type ChatSendOptions } from './chat/chat';
export type { ChatMessage } from './chat/message';
export { linkify, type LinkifiedPart } from './chat/linkify';
export { kMaxTodoBytes, TodoList, type TodoDetails, type TodoEvents } from './todo/todo_list';
export type { TodoItem } from './todo/item';
export { kMaxQuestionBytes, Questions, type QuestionsEvents } from './questions/questions';
export type { Question } from './questions/question';
export type { AudienceMember } from './lecture/events';
export type { QuestionState, QuestionVerdict } from './questions/events';
export { kMaxMessageBytes, type RoomMessage, type SendOptions } from './messages/messages';
export { Files, kDefaultFileLimit, type FilesEvents } from './files/files';
export type { FileTransfer, TransferFailure, TransferState } from './files/transfer';
export { Session, type SessionEvents, type SignInOptions, type User } from './account/session';
export { ApiError } from './account/problem';
export { kReactions } from './reactions';
export type { RaisedHand } from './hands';
export type { ConnectionQuality, QualityLevel, QualityReason } from './quality';
export type { LinkState } from './peer_link';
export type { MediaPath } from './media_path';
export type { OneStream, OneStreamState } from './one_stream/one_stream';
export type { OneStreamAdvice, OneStreamReason } from './one_stream/advice';
export type { Picture, PictureLimit, SendingLimit } from './picture';
export { carries, onRemapped, slotSince } from './server_link/slot_tracks';
export type { Sound, Way } from './ways_options';
export {
  LocalMedia,
  type DeviceLists,
  type LocalMediaEvents,
  type LocalMediaSnapshot,
  type ScreenState,
} from './local_media';
export type { CaptureState, SoundProcessing } from './capture';
export type { BlurState } from './background_blur';
export { DeviceError, type DeviceErrorCode, type DeviceKind } from './device_error';
export { SignalError } from './errors';
export { LevelMeter } from './level_meter';
export * from './log';
export * from './doctor';
export { Emitter, type Listener } from './emitter';
export { mark, type Mark } from './marks';
export { warmUp } from './warm';
export type { RoomEnding, RoomState, SignalSocket } from './signalling';
export type { LinkStats, PathWay, Quality } from './stats';
export type {
  HostedSource,
  LeaveReason,
  MediaFlags,
  ParticipantInfo,
  Permissions,
  PictureSource,
  Role,
  RoomSettings,
  Source,
  Topology,
  TopologyReason,
  ViewSize,
  ViewTile,
  WaitingPerson,
} from './protocol';
