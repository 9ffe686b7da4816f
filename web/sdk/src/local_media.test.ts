import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kInterruptedAfter } from './capture';
import { LocalMedia } from './local_media';
import { deviceFailure, FakeDevices } from './testing/fake_devices';
import type { FakeTrack } from './testing/fake_track';

let devices: FakeDevices;
let permissions: Record<string, string>;

beforeEach(() => {
  devices = new FakeDevices();
  permissions = { microphone: 'prompt', camera: 'prompt' };
  const query = ({ name }: { name: string }) => Promise.resolve({ state: permissions[name] });
  vi.stubGlobal('navigator', { mediaDevices: devices, permissions: { query } });
});

afterEach(() => void vi.unstubAllGlobals());

const both = { microphone: true, camera: true };
const wantsVideo = ({ video }: MediaStreamConstraints) => video !== undefined;
const wantsAudio = ({ audio }: MediaStreamConstraints) => audio !== undefined;

describe('LocalMedia', () => {
  it('asks once for both', async () => {
    const media = new LocalMedia();
    const started = media.start(both);
    expect(media.flags).toEqual({ micinf: true, vidinf: true, scrinf: false }); // Already: they are on their way.
    await started;
    expect(devices.requests).toHaveLength(1);
    expect([media.microphone.track?.kind, media.camera.track?.kind]).toEqual(['audio', 'video']);
    expect(media.devices.microphones).toHaveLength(2);
  });

  it('prefers the devices of last time without insisting on them', async () => {
    const media = new LocalMedia({ microphone: 'audioinput-two', camera: 'gone' });
    await media.start(both);
    expect(devices.requests[0]).toMatchObject({
      audio: { deviceId: { ideal: 'audioinput-two' } },
      video: { deviceId: { ideal: 'gone' } },
    });
  });

  it('goes on with the microphone where there is no camera, and the other way round', async () => {
    for (const [fails, code, works] of [
      [wantsVideo, 'camera', 'microphone'],
      [wantsAudio, 'microphone', 'camera'],
    ] as const) {
      devices.fails = (constraints) => (fails(constraints) ? deviceFailure('NotFoundError') : undefined);
      const media = new LocalMedia();
      await media.start(both);
      expect(media[code].error?.code).toBe('not-found');
      expect([media[works].error, media[works].track?.readyState]).toEqual([undefined, 'live']);
      expect(media.flags).toMatchObject({ micinf: works === 'microphone', vidinf: works === 'camera' });
    }
  });

  it('does not ask a second time when the person said no to both', async () => {
    devices.fails = () => deviceFailure('NotAllowedError', 'Permission denied');
    const media = new LocalMedia();
    await media.start(both);
    expect(devices.requests).toHaveLength(1);
    expect([media.microphone.error?.code, media.camera.error?.code]).toEqual(['denied', 'denied']);
    expect(media.flags).toEqual({ micinf: false, vidinf: false, scrinf: false });
  });

  it('uses the microphone when only the camera is blocked for this page', async () => {
    permissions = { microphone: 'granted', camera: 'denied' };
    devices.fails = (constraints) => (wantsVideo(constraints) ? deviceFailure('NotAllowedError') : undefined);
    const media = new LocalMedia();
    await media.start(both);
    expect([media.microphone.track?.readyState, media.camera.error?.code]).toEqual(['live', 'denied']);
  });

  it('says that the page is not secure where the browser has no devices to offer', async () => {
    vi.stubGlobal('navigator', {});
    const media = new LocalMedia();
    await media.start(both);
    expect(media.camera.error?.code).toBe('insecure');
    expect(media.microphone.error?.message).toContain('secure pages only');
    await expect(media.startScreen()).rejects.toMatchObject({ code: 'insecure' });
  });

  it('mutes without letting the microphone go, and lets the camera go', async () => {
    const media = new LocalMedia();
    await media.start(both);
    const { track } = media.microphone;
    await media.setMicrophone(false);
    expect([media.flags.micinf, track?.enabled, track?.readyState]).toEqual([false, false, 'live']);
    await media.setMicrophone(true);
    expect([media.microphone.track, track?.enabled]).toEqual([track, true]);
    await media.setCamera(false);
    expect([media.flags.vidinf, media.camera.track, devices.live]).toEqual([false, undefined, ['audio default']]);
    await media.setCamera(true);
    expect(media.flags.vidinf).toBe(true);
  });

  it('does what was asked last, and leaves no camera running', async () => {
    const media = new LocalMedia();
    devices.held = true;
    const on = media.setCamera(true);
    const off = media.setCamera(false);
    devices.answer();
    await Promise.all([on, off]);
    expect([media.flags.vidinf, devices.live]).toEqual([false, []]);
    devices.held = true;
    const again = [media.setCamera(true), media.chooseCamera('videoinput-two')];
    devices.answer();
    await Promise.all(again);
    expect(devices.live).toEqual(['video videoinput-two']);
  });

  it('changes the device without a moment in between', async () => {
    const media = new LocalMedia();
    await media.start(both);
    const outgoing: (string | undefined)[] = [];
    media.on('outgoing', (tracks) => outgoing.push(tracks.get('camera')?.getSettings().deviceId));
    await media.chooseCamera('videoinput-two');
    expect(outgoing).toEqual(['videoinput-two']);
    expect(devices.live).toEqual(['audio default', 'video videoinput-two']);
    expect(media.camera.deviceId).toBe('videoinput-two');
  });

  it('remembers a choice made while it is off', async () => {
    const media = new LocalMedia();
    await media.chooseCamera('videoinput-two');
    expect(devices.requests).toEqual([]);
    await media.setCamera(true);
    expect(devices.live).toEqual(['video videoinput-two']);
  });

  it('takes any other device when the chosen one cannot be used', async () => {
    devices.fails = ({ video }) =>
      typeof video === 'object' && video.deviceId ? deviceFailure('OverconstrainedError') : undefined;
    const media = new LocalMedia({ camera: 'gone' });
    await media.setCamera(true);
    expect([media.camera.error, media.flags.vidinf]).toEqual([undefined, true]);
  });

  it('lets the old camera go first where only one may be open', async () => {
    const media = new LocalMedia();
    await media.setCamera(true);
    devices.fails = () => (devices.live.length > 0 ? deviceFailure('NotReadableError') : undefined);
    await media.chooseCamera('videoinput-two');
    expect([media.camera.error, devices.live]).toEqual([undefined, ['video videoinput-two']]);
  });

  it('falls back to another device when one is unplugged, and says so when there is none', async () => {
    const media = new LocalMedia();
    await media.start(both);
    const unplug = async () => {
      const track = media.camera.track;
      track?.stop();
      track?.onended?.(new Event('ended'));
      await new Promise((resolve) => setTimeout(resolve));
    };
    await unplug();
    expect([media.camera.error, media.flags.vidinf]).toEqual([undefined, true]);
    devices.fails = () => deviceFailure('NotFoundError');
    await unplug();
    expect([media.camera.error?.code, media.flags.vidinf]).toEqual(['lost', false]);
  });

  it('shares a screen with its sound until the browser or the person ends it', async () => {
    const media = new LocalMedia();
    const sources: string[] = [];
    media.on('outgoing', (tracks) => sources.push([...tracks.keys()].join()));
    await media.startScreen();
    expect(media.flags.scrinf).toBe(true);
    media.screen.video?.onended?.(new Event('ended'));
    expect([media.flags.scrinf, devices.live]).toEqual([false, []]);
    expect(sources).toEqual(['microphone,camera,screen,screen-audio', 'microphone,camera']);
    devices.screenFails = deviceFailure('NotAllowedError', 'Permission denied by user');
    await expect(media.startScreen()).rejects.toMatchObject({ kind: 'screen', code: 'cancelled' });
  });

  it('follows devices that are plugged in', async () => {
    const media = new LocalMedia();
    const heard = vi.fn();
    media.on('devices', heard);
    devices.dispatchEvent(new Event('devicechange'));
    await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
    media.close();
    devices.dispatchEvent(new Event('devicechange'));
    await Promise.resolve();
    expect(heard).toHaveBeenCalledOnce();
  });

  it('stops everything when it is closed', async () => {
    const media = new LocalMedia();
    await media.start(both);
    await media.startScreen();
    media.close();
    expect([devices.live, media.flags]).toEqual([[], { micinf: false, vidinf: false, scrinf: false }]);
  });

  it('gives the same snapshot until something changes', async () => {
    const media = new LocalMedia();
    const before = media.snapshot;
    expect(media.snapshot).toBe(before);
    await media.setCamera(true);
    expect(media.snapshot).not.toBe(before);
    expect(media.snapshot.flags.vidinf).toBe(true);
  });

  it('tells which device took over when a headset was unplugged', async () => {
    const media = new LocalMedia({ microphone: 'audioinput-two' });
    const lost: unknown[] = [];
    media.on('lost', (event) => lost.push(event));
    await media.start(both);
    const track = media.microphone.track as unknown as FakeTrack;
    track.stop();
    track.onended?.();
    await vi.waitFor(() => expect(lost).toEqual([{ kind: 'microphone', fallback: 'default' }]));
    expect([media.microphone.error, media.flags.micinf]).toEqual([undefined, true]);
  });

  it('tells when nothing is there to take over', async () => {
    const media = new LocalMedia();
    const lost: unknown[] = [];
    media.on('lost', (event) => lost.push(event));
    await media.start(both);
    devices.fails = () => deviceFailure('NotFoundError');
    (media.camera.track as unknown as FakeTrack).onended?.();
    await vi.waitFor(() => expect(lost).toEqual([{ kind: 'camera', fallback: undefined }]));
    expect(media.camera.error?.code).toBe('lost');
  });

  it('knows a phone call by the silence, and is brought back by one tap', async () => {
    vi.useFakeTimers();
    const media = new LocalMedia();
    await media.start(both);
    const [microphone, camera] = [media.microphone.track, media.camera.track] as unknown as FakeTrack[];
    microphone?.onmute?.();
    camera?.onmute?.();
    vi.advanceTimersByTime(kInterruptedAfter);
    expect([media.interrupted, media.snapshot.interrupted]).toEqual([true, true]);
    expect(media.flags).toMatchObject({ micinf: false, vidinf: false }); // So others see it, too.
    camera?.onunmute?.(); // As iOS does when the call is over; not for every device.
    expect(media.flags).toMatchObject({ micinf: false, vidinf: true });
    await media.resume();
    expect([media.interrupted, microphone?.readyState]).toEqual([false, 'ended']);
    expect(media.flags).toMatchObject({ micinf: true, vidinf: true });
    vi.useRealTimers();
  });

  it('takes a moment of silence for no interruption', async () => {
    vi.useFakeTimers();
    const media = new LocalMedia();
    await media.start(both);
    const track = media.microphone.track as unknown as FakeTrack;
    track.onmute?.();
    vi.advanceTimersByTime(kInterruptedAfter / 2);
    track.onunmute?.();
    vi.advanceTimersByTime(kInterruptedAfter * 2);
    expect(media.interrupted).toBe(false);
    vi.useRealTimers();
  });

  it('changes how the sound is cleaned in the live track, or in a new one where the browser cannot', async () => {
    const media = new LocalMedia({ processing: { autoGainControl: false } });
    await media.start(both);
    expect(devices.requests[0]).toMatchObject({ audio: { autoGainControl: false, noiseSuppression: true } });
    const track = media.microphone.track as unknown as FakeTrack;
    await media.setProcessing({ noiseSuppression: false });
    expect(track.settings).toMatchObject({ noiseSuppression: false, echoCancellation: true });
    expect(media.microphone.track).toBe(track);
    track.changeable = false;
    await media.setProcessing({ echoCancellation: false });
    expect(media.microphone.track).not.toBe(track);
    expect([track.readyState, media.flags.micinf]).toEqual(['ended', true]);
    expect(devices.requests.at(-1)).toMatchObject({ audio: { echoCancellation: false, noiseSuppression: false } });
    expect(media.processing).toEqual({ noiseSuppression: false, echoCancellation: false, autoGainControl: false });
  });

  it('blurs the background where the browser can, and says so where it cannot', async () => {
    const media = new LocalMedia();
    await media.start(both);
    expect(media.blur).toBe('unsupported');
    await media.setBlur(true);
    expect(media.blur).toBe('unsupported');
    devices.capabilities = { backgroundBlur: [false, true] };
    await media.chooseCamera('videoinput-two');
    await vi.waitFor(() => expect(media.blur).toBe('on')); // As was wished for.
    await media.setBlur(false);
    expect([media.blur, media.snapshot.blur]).toEqual(['off', 'off']);
  });

  it('is heard for as long as the key is held', async () => {
    const media = new LocalMedia();
    await media.start(both);
    await media.setMicrophone(false);
    media.holdToTalk(true);
    media.holdToTalk(true); // A key that is held repeats itself.
    expect(media.flags.micinf).toBe(true);
    media.holdToTalk(false);
    expect(media.flags.micinf).toBe(false);
    await media.setMicrophone(true);
    media.holdToTalk(true);
    media.holdToTalk(false);
    expect(media.flags.micinf).toBe(true);
    media.holdToTalk(true);
    await media.setMicrophone(false); // A word of the person's own holds.
    media.holdToTalk(false);
    expect(media.flags.micinf).toBe(false);
  });

  it('is not heard when the key was let go before the microphone came', async () => {
    const media = new LocalMedia();
    devices.held = true;
    media.holdToTalk(true);
    media.holdToTalk(false);
    devices.answer();
    await vi.waitFor(() => expect(devices.live).toEqual([]));
    expect(media.flags.micinf).toBe(false);
  });
});
