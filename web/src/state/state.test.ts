import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceError, SignalError, type LocalMediaSnapshot } from '@parley/client';
import { deviceNotices } from './device_notice';
import { endingOf } from './ending';
import { avatarColour, fitName, initialsOf, kAvatarColours } from './names';
import { readPreferences, remember } from './preferences';
import { makeRoomCode, readRoomCode } from './room_code';
import { readRoomInfo, whoIsHere } from './room_info';
import { linkTo, lobbyOf, parseRoute } from './route';
import { nextScheme } from './scheme';
import { kToastTime, toast, toasts } from './toasts';

const at = (path: string) => parseRoute(new URL(path, 'https://meet.example.org'));

describe('parseRoute', () => {
  it('leads to the lobby, or straight in', () => {
    expect(at('/room/daily')).toEqual({
      page: 'room',
      room: 'daily',
      name: undefined,
      direct: false,
      topology: undefined,
      lecture: false,
      token: undefined,
    });
    expect(at('/room/Daily.2/?name=Ada%20L&join=1&topology=sfu&lecture=1')).toEqual({
      page: 'room',
      room: 'Daily.2',
      name: 'Ada L',
      direct: true,
      topology: 'sfu',
      lecture: true,
      token: undefined,
    });
    expect(at('/room/daily#token=eyJ.x.y')).toMatchObject({ token: 'eyJ.x.y' });
  });

  it('passes over what it does not know', () => {
    expect(at('/room/daily?topology=star&name=%20&join=yes')).toMatchObject({
      name: undefined,
      direct: false,
      topology: undefined,
    });
  });

  it('leads home, to the account, and nowhere', () => {
    expect(at('/')).toEqual({ page: 'home' });
    expect(at('/account#tokens')).toEqual({ page: 'account' });
    for (const path of ['/rooms/x', '/account/x', '/index', '/room'])
      expect(at(path), path).toEqual({ page: 'lost', roomName: undefined });
  });

  it.each(['/room/', '/room/a/b', '/room/-x', '/room/%E0%A4%A', '/room/a%20b', `/room/${'a'.repeat(65)}`])(
    'knows that no room has the name of %s',
    (path) => {
      expect(at(path).page).toBe('lost');
    },
  );

  it('leads back to the lobby with what the link said', () => {
    const lobby = (path: string) => lobbyOf(new URL(path, 'https://meet.example.org'));
    expect(lobby('/room/daily?name=Ada%20L&join=1&lecture=1#token=a.b.c')).toBe(
      '/room/daily?name=Ada+L&lecture=1#token=a.b.c',
    );
    expect(lobby('/room/daily?join=1')).toBe('/room/daily');
  });

  it('keeps a name that is none, to guess what was meant', () => {
    expect(at('/room/Daily%20stand-up')).toEqual({ page: 'lost', roomName: 'Daily stand-up' });
  });

  it('understands the links it makes', () => {
    expect(parseRoute(new URL(linkTo('a.b_c-d', 'https://x')))).toMatchObject({ room: 'a.b_c-d' });
  });
});

describe('room codes', () => {
  it('are three, four and three letters, and themselves room names', () => {
    for (let round = 0; round < 50; ++round) {
      const code = makeRoomCode();
      expect(code).toMatch(/^[a-km-z]{3}-[a-km-z]{4}-[a-km-z]{3}$/);
      expect(readRoomCode(code)).toBe(code);
    }
  });

  it('take no random byte that would favour a letter', () => {
    let calls = 0;
    const random = (bytes: Uint8Array) => bytes.fill(calls++ === 0 ? 255 : 24);
    expect(makeRoomCode(random)).toBe('zzz-zzzz-zzz');
    expect(calls).toBe(2);
  });

  it('are read from what people type and paste', () => {
    expect(readRoomCode('  ABC-defg-hij ')).toBe('abc-defg-hij');
    expect(readRoomCode('abc defg hij')).toBe('abc-defg-hij');
    expect(readRoomCode('https://meet.example.org/room/daily?name=x')).toBe('daily');
    expect(readRoomCode('meet.example.org/room/daily/')).toBe('daily');
    for (const typed of ['', '   ', '???', 'https://meet.example.org/']) expect(readRoomCode(typed)).toBeUndefined();
  });
});

describe('names', () => {
  it('have the initials of the first and last word', () => {
    expect(['Ada', 'ada lovelace', 'Grace B. Hopper', '李小龙', '  ', '👩‍💻 Dev'].map(initialsOf)).toEqual([
      'A',
      'AL',
      'GH',
      '李',
      '?',
      '👩‍💻D',
    ]);
  });

  it('keep their colour', () => {
    expect(avatarColour('Ada')).toBe(avatarColour('Ada'));
    const colours = new Set(Array.from({ length: 200 }, (_, index) => avatarColour(`Person ${index}`)));
    expect(colours.size).toBe(kAvatarColours);
  });

  it('are cut to 64 bytes between letters', () => {
    expect(fitName('a'.repeat(70))).toBe('a'.repeat(64));
    expect(fitName('é'.repeat(40))).toBe('é'.repeat(32));
    expect(fitName('Ada')).toBe('Ada');
  });
});

describe('whoIsHere', () => {
  it('names up to three', () => {
    expect(
      [[], ['Ada'], ['Ada', 'Bob'], ['Ada', 'Bob', 'Chidi'], ['Ada', 'Bob', 'Chidi', 'Dora']].map(whoIsHere),
    ).toEqual([
      'Nobody is here yet.',
      'Ada is here.',
      'Ada and Bob are here.',
      'Ada, Bob and Chidi are here.',
      'Ada, Bob and 2 others are here.',
    ]);
  });

  it('reads them from the server’s answer, and nothing from another', () => {
    const participants = [{ name: 'Ada' }, { name: 7 }, null, { name: 'Bob', oneStream: true }];
    expect(readRoomInfo({ participants })).toEqual({
      ...{ names: ['Ada', 'Bob'], inOneStream: ['Bob'] },
      ...{ lecture: false, audience: 0, you: undefined },
    });
    expect(readRoomInfo({ participants, lecture: true, audience: 7, you: 'cohost' })).toMatchObject({
      ...{ lecture: true, audience: 7, you: 'cohost' },
    });
    for (const body of [null, 'x', {}, { participants: {} }]) expect(readRoomInfo(body)).toBeUndefined();
  });
});

describe('deviceNotices', () => {
  const works = {
    wanted: true,
    pending: false,
    track: undefined,
    error: undefined,
    deviceId: undefined,
    interrupted: false,
  };
  const media = (
    microphone?: DeviceError,
    camera?: DeviceError,
  ): Pick<LocalMediaSnapshot, 'microphone' | 'camera'> => ({
    microphone: { ...works, error: microphone },
    camera: { ...works, error: camera },
  });

  it('says once what is wrong with both, and each by itself otherwise', () => {
    const [both, ...more] = deviceNotices(
      media(DeviceError.of('microphone', 'denied'), DeviceError.of('camera', 'denied')),
    );
    expect(both).toMatchObject({
      message: 'This page may not use your camera and microphone.',
      kinds: ['microphone', 'camera'],
    });
    expect(more).toEqual([]);
    for (const code of ['not-found', 'busy'] as const) {
      expect(deviceNotices(media(DeviceError.of('microphone', code), DeviceError.of('camera', code)))).toHaveLength(1);
    }
    const each = deviceNotices(media(DeviceError.of('microphone', 'busy'), DeviceError.of('camera', 'not-found')));
    expect(each.map(({ kinds }) => kinds)).toEqual([['camera'], ['microphone']]);
    expect(deviceNotices(media())).toEqual([]);
  });

  it('offers to go in without before the meeting, and not in it', () => {
    const denied = media(undefined, DeviceError.of('camera', 'denied'));
    expect(deviceNotices(denied, true)[0]?.advice).toContain('join without');
    expect(deviceNotices(denied)[0]?.advice).not.toContain('join');
  });
});

describe('endingOf', () => {
  it('has words for each way out', () => {
    expect(endingOf('left', undefined).again).toBe('rejoin');
    expect(endingOf('replaced', undefined).title).toContain('elsewhere');
    expect(endingOf('failed', new SignalError('room-full', '')).title).toBe('This room is full');
    expect(endingOf('failed', new SignalError('invalid', 'name: is missing')).text).toContain('name: is missing');
    expect(endingOf('failed', undefined).again).toBe('lobby');
  });
});

describe('nextScheme', () => {
  it('goes round', () => {
    expect([nextScheme('system'), nextScheme('light'), nextScheme('dark')]).toEqual(['light', 'dark', 'system']);
  });
});

describe('toasts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('go away by themselves, are three at most, and do not repeat themselves', () => {
    for (const text of ['a', 'b', 'b', 'c', 'd']) toast(text);
    expect(toasts.get().map(({ text }) => text)).toEqual(['b', 'c', 'd']);
    vi.advanceTimersByTime(kToastTime);
    expect(toasts.get()).toEqual([]);
  });
});

describe('preferences', () => {
  const stored = new Map<string, string>();
  beforeEach(() => {
    stored.clear();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it('are remembered piece by piece', () => {
    remember({ name: 'Ada' });
    remember({ cameraOn: false });
    expect(readPreferences()).toEqual({ name: 'Ada', cameraOn: false });
  });

  it('survive what someone else wrote there, and a browser that stores nothing', () => {
    stored.set('parley.preferences', '{"name":7,"cameraOn":"yes","camera":"c"}');
    expect(readPreferences()).toEqual({ camera: 'c' });
    stored.set('parley.preferences', '{');
    expect(readPreferences()).toEqual({});
    vi.stubGlobal('localStorage', undefined);
    remember({ name: 'Ada' });
    expect(readPreferences()).toEqual({});
  });
});
