import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakePeerConnection } from '../testing/fake_peer_connection';
import { FakeTrack } from '../testing/fake_track';
import { fakeBrowser, realBrowser, run } from '../testing/meeting';
import { ServerConnection } from './server_connection';

beforeEach(() => void fakeBrowser());
afterEach(realBrowser);

function make(): ServerConnection {
  return new ServerConnection({ configuration: {}, videoSlots: 1, log: undefined, onState: () => undefined });
}

function camera(width: number, height: number): MediaStreamTrack {
  const track = new FakeTrack('video');
  track.settings = { width, height };
  return track as unknown as MediaStreamTrack;
}

/** What the camera's encodings are now: rid, by how much they are smaller, and whether they are sent. */
async function sent(): Promise<string[]> {
  await run();
  const sender = FakePeerConnection.made.at(-1)?.getTransceivers()[1]?.sender;
  const encodings = (sender?.getParameters().encodings ?? []) as RTCRtpEncodingParameters[];
  return encodings.map(({ rid, scaleResolutionDownBy, active }) =>
    (active ?? true) ? `${String(rid)} ${String(scaleResolutionDownBy)}` : String(rid),
  );
}

describe('A camera over the server', () => {
  it.each([
    [1920, 1080, ['q 4', 'h 2', 'f 1']],
    [1280, 720, ['q 4', 'h 2', 'f 1']],
    [720, 1280, ['q 4', 'h 2', 'f 1']],
    [960, 540, ['q 4', 'h 2', 'f 1']],
    [640, 480, ['q 2', 'h 1', 'f']],
    [640, 360, ['q 2', 'h 1', 'f']],
    [320, 240, ['q 1', 'h', 'f']],
  ])('of %i x %i is sent whole in the last of its encodings', async (width, height, encodings) => {
    const connection = make();
    connection.update(new Map([['camera', camera(width, height)]]));
    expect(await sent()).toEqual(encodings);
  });

  it('is sent in more encodings after a change to a larger one', async () => {
    const connection = make();
    connection.update(new Map([['camera', camera(320, 240)]]));
    connection.setActive('camera', ['q', 'f']);
    expect(await sent()).toEqual(['q 1', 'h', 'f']);
    connection.update(new Map());
    connection.update(new Map([['camera', camera(1280, 720)]]));
    expect(await sent()).toEqual(['q 4', 'h', 'f 1']);
    connection.setActive('camera', ['q', 'h', 'f']);
    expect(await sent()).toEqual(['q 4', 'h 2', 'f 1']);
  });

  it('of a size that nobody tells is taken for a large one', async () => {
    const connection = make();
    connection.update(new Map([['camera', new FakeTrack('video') as unknown as MediaStreamTrack]]));
    expect(await sent()).toEqual(['q 4', 'h 2', 'f 1']);
  });
});
