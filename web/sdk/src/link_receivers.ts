import type { Source } from './protocol';

/** Where a description names no sources: the first section of a kind is a person, the second a screen. */
const kByOrder: Record<'audio' | 'video', readonly Source[]> = {
  audio: ['microphone', 'screen-audio'],
  video: ['camera', 'screen'],
};

/** Reads a description's `sources`, or guesses them from the order of the sections. */
export function readSources(
  sources: Readonly<Record<string, Source>> | undefined,
  transceivers: readonly Pick<RTCRtpTransceiver, 'mid' | 'receiver'>[],
): Map<string, Source> {
  if (sources) return new Map(Object.entries(sources));
  const guessed = new Map<string, Source>();
  const seen = { audio: 0, video: 0 };
  for (const { mid, receiver } of transceivers) {
    if (mid === null) continue;
    const kind = receiver.track.kind === 'audio' ? 'audio' : 'video';
    const source = kByOrder[kind][seen[kind]++];
    if (source) guessed.set(mid, source);
  }
  return guessed;
}

/** The tracks that the other side sends now, by what they show. */
export function receivedTracks(
  pc: Pick<RTCPeerConnection, 'getTransceivers'>,
  sources: ReadonlyMap<string, Source>,
): Map<Source, RTCRtpReceiver> {
  const receivers = new Map<Source, RTCRtpReceiver>();
  for (const { mid, receiver, direction } of pc.getTransceivers()) {
    const source = mid === null ? undefined : sources.get(mid);
    if (source && direction !== 'stopped') receivers.set(source, receiver);
  }
  return receivers;
}
