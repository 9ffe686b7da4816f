import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakePeerConnection, FakeTransceiver } from '../testing/fake_peer_connection';
import { fakeBrowser, realBrowser } from '../testing/meeting';
import { Sections } from './sections';

const codec = (name: string, sdpFmtpLine?: string) => ({
  ...{ mimeType: `video/${name}`, clockRate: 90_000 },
  ...(sdpFmtpLine && { sdpFmtpLine }),
});
const sound = (name: string) => ({ mimeType: `audio/${name}`, clockRate: 48_000 });
/** What Chromium lists, and Firefox. */
const kSounds = ['opus', 'red', 'G722', 'PCMU', 'telephone-event'].map(sound);
const kSoundsWithoutRed = ['opus', 'G722', 'PCMU'].map(sound);
/** What Chromium lists, in its order and shortened. */
const kCodecs = [
  ...[codec('AV1', 'level-idx=5;profile=0;tier=0'), codec('AV1', 'level-idx=5;profile=1;tier=0'), codec('rtx')],
  ...[codec('VP9', 'profile-id=0'), codec('VP9', 'profile-id=2'), codec('red'), codec('ulpfec'), codec('VP8')],
  codec('H264', 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f'),
  codec('H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'),
  codec('H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f'),
];

class CodecTransceiver extends FakeTransceiver {
  preferred: { mimeType: string; sdpFmtpLine?: string }[] = [];
  setCodecPreferences(codecs: { mimeType: string; sdpFmtpLine?: string }[]): void {
    this.preferred = codecs;
  }
}

class CodecConnection extends FakePeerConnection {
  readonly all: CodecTransceiver[] = [];
  /** Whether the browser knows scalability modes. */
  knowsModes = true;
  override addTransceiver(kind: string, init: { direction: RTCRtpTransceiverDirection; sendEncodings?: object[] }) {
    const hasModes = init.sendEncodings?.some((encoding) => 'scalabilityMode' in encoding);
    if (hasModes && !this.knowsModes) throw new DOMException('', 'OperationError');
    const transceiver = new CodecTransceiver(kind, init.direction, null, () => undefined, init.sendEncodings);
    this.all.push(transceiver);
    return transceiver;
  }
}

beforeEach(() => {
  fakeBrowser();
  listing(kSounds);
});
afterEach(realBrowser);

function listing(sounds: ReturnType<typeof sound>[]): void {
  const getCapabilities = (kind: string) => ({ codecs: kind === 'audio' ? sounds : kCodecs });
  vi.stubGlobal('RTCRtpReceiver', { getCapabilities });
}

const make = (pc: CodecConnection) => new Sections(pc as unknown as RTCPeerConnection, 2);

describe('Sections', () => {
  it('list VP8 first and of each codec one profile, so that the offer stays small', () => {
    const pc = new CodecConnection();
    make(pc);
    const videos = pc.all.filter(({ kind }) => kind === 'video');
    expect(videos).toHaveLength(4);
    for (const { preferred } of videos) {
      expect(preferred.map(({ mimeType, sdpFmtpLine = '' }) => `${mimeType} ${sdpFmtpLine}`.trim())).toEqual([
        ...['video/VP8', 'video/VP9 profile-id=0'],
        'video/H264 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
        ...['video/AV1 level-idx=5;profile=0;tier=0', 'video/rtx'],
      ]);
    }
  });

  it('send and take each sound twice where the browser can', () => {
    const preferred = (sounds: typeof kSounds) => {
      listing(sounds);
      const pc = new CodecConnection();
      make(pc);
      return pc.all.filter(({ kind }) => kind === 'audio').map((each) => each.preferred.map(({ mimeType }) => mimeType));
    };
    expect(preferred(kSounds)).toEqual(Array(5).fill(['audio/red', 'audio/opus']));
    expect(preferred(kSoundsWithoutRed)).toEqual(Array(5).fill(['audio/opus']));
  });

  it('send the camera in three sizes with temporal layers, the screen without a cap that it would feel', () => {
    const pc = new CodecConnection();
    make(pc);
    const [camera, screen] = [pc.all[1], pc.all[2]].map((transceiver) => transceiver?.sender.getParameters().encodings);
    expect(camera).toMatchObject([
      { rid: 'q', scaleResolutionDownBy: 4, scalabilityMode: 'L1T3' },
      { rid: 'h', scaleResolutionDownBy: 2 },
      { rid: 'f', scaleResolutionDownBy: 1 },
    ]);
    expect(screen).toMatchObject([{ rid: 'h' }, { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 8_000_000 }]);
  });

  it('do without modes in a browser that knows none', () => {
    const pc = new CodecConnection();
    pc.knowsModes = false;
    make(pc);
    expect(pc.all[1]?.sender.getParameters().encodings[0]).not.toHaveProperty('scalabilityMode');
  });
});
