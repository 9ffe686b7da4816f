import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PeerLink } from './peer_link';
import type { RoomEvents } from './room_events';
import { kReactions } from './reactions';
import { FakePeerConnection, FakeTrack } from './testing/fake_peer_connection';
import { FakeServer } from './testing/fake_server';
import { done, enter, fakeBrowser, realBrowser, run, type Seat } from './testing/meeting';

let server: FakeServer;

beforeEach(() => {
  fakeBrowser();
  server = new FakeServer();
});
afterEach(realBrowser);

function hear<K extends keyof RoomEvents>({ room }: Seat, name: K): RoomEvents[K][] {
  const heard: RoomEvents[K][] = [];
  room.on(name, (event) => heard.push(event));
  return heard;
}

const kOthers = { microphone: true, camera: true, screen: true, chat: true, todo: true };

describe('A waiting room', () => {
  it('lets in whom a host admits, and tells the hosts who waits', async () => {
    const ada = await enter(server, 'Ada');
    const waiting = hear(ada, 'waiting');
    await done(ada.room.host.change({ waitingRoom: true }));
    const bob = await enter(server, 'Bob');
    expect([bob.room.state, bob.room.sid]).toEqual(['waiting', undefined]);
    expect(ada.room.waiting).toMatchObject([{ name: 'Bob' }]);
    const admitted = hear(bob, 'admitted');
    await done(ada.room.host.admitAll());
    await run();
    await expect(bob.room.ready).resolves.toBeUndefined();
    expect([bob.room.state, admitted.length, [...ada.room.participants.values()].length]).toEqual(['joined', 1, 1]);
    expect(waiting.map((people) => people.length)).toEqual([1, 0]);
  });

  it('tells who was refused, and does not come back by itself', async () => {
    const ada = await enter(server, 'Ada');
    await done(ada.room.host.change({ waitingRoom: true }));
    const bob = await enter(server, 'Bob');
    const refused = expect(bob.room.ready).rejects.toMatchObject({ code: 'refused' });
    await done(ada.room.host.refuse(server.door.keys().next().value ?? ''));
    await run(20_000);
    await refused;
    expect([bob.room.state, bob.socket.connected]).toEqual(['failed', false]);
  });

  it('says so when nobody answered', async () => {
    const ada = await enter(server, 'Ada');
    await done(ada.room.host.change({ waitingRoom: true }));
    const bob = await enter(server, 'Bob');
    server.turnAway('sid-b', 'timeout');
    await run();
    expect(bob.room.error?.code).toBe('not-answered');
  });

  it('keeps the place of who loses the connection while waiting', async () => {
    const ada = await enter(server, 'Ada');
    await done(ada.room.host.change({ waitingRoom: true }));
    const bob = await enter(server, 'Bob');
    bob.socket.cut();
    await run();
    expect(bob.room.state).toBe('waiting');
    bob.socket.comeBack();
    await run();
    expect([...server.door.keys()]).toEqual(['sid-b']);
    await done(ada.room.host.admit('sid-b'));
    await run();
    expect([bob.room.state, bob.room.sid]).toEqual(['joined', 'sid-b']);
  });

  it('is left at once', async () => {
    const ada = await enter(server, 'Ada');
    await done(ada.room.host.change({ waitingRoom: true }));
    const bob = await enter(server, 'Bob');
    bob.room.leave();
    expect([bob.room.state, bob.room.ending]).toEqual(['left', 'left']);
  });

  it('is passed by who has a token', async () => {
    const ada = await enter(server, 'Ada');
    await done(ada.room.host.change({ waitingRoom: true }));
    const bob = await enter(server, 'Bob', { token: 'signed' });
    expect(bob.room.state).toBe('joined');
  });
});

describe('Hosts', () => {
  it('are who owns the room and whom they make one', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    expect([ada.room.isHost, bob.room.isHost, ada.room.self?.role]).toEqual([true, false, 'owner']);
    const self = hear(bob, 'self');
    await done(ada.room.host.setRole(bob.sid, 'cohost'));
    await run();
    expect([bob.room.isHost, self.length, ada.room.participants.get(bob.sid)?.role]).toEqual([true, 1, 'cohost']);
  });

  it('are the only ones: the server refuses others', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    const refused = expect(bob.room.host.remove(ada.sid)).rejects.toMatchObject({ code: 'forbidden' });
    await run();
    await refused;
  });

  it('mute: the microphone rests, the person is told, and may switch it on again', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    const muted = hear(bob, 'muted');
    await bob.media.start({ microphone: true, camera: true });
    await run();
    expect(ada.room.participants.get(bob.sid)?.micinf).toBe(true);
    await done(ada.room.host.mute(bob.sid, 'microphone'));
    await run();
    expect(muted).toMatchObject([{ by: { name: 'Ada' }, source: 'microphone' }]);
    expect([bob.media.flags.micinf, bob.media.flags.vidinf]).toEqual([false, true]);
    expect(ada.room.participants.get(bob.sid)?.micinf).toBe(false);
    await bob.media.setMicrophone(true);
    await run();
    expect(ada.room.participants.get(bob.sid)?.micinf).toBe(true);
  });

  it('stop a share, one published by the page too', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    bob.room.publish('screen', new FakeTrack('video') as unknown as MediaStreamTrack);
    await run();
    await done(ada.room.host.mute(bob.sid, 'screen'));
    await run();
    expect(ada.room.participants.get(bob.sid)?.scrinf).toBe(false);
    expect(ada.room.participants.get(bob.sid)?.track('screen')).toBeUndefined();
  });

  it('ask, and the person decides', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    const asked = hear(bob, 'asked');
    await done(ada.room.host.ask(bob.sid, 'camera', true));
    await run();
    expect(asked).toMatchObject([{ by: { name: 'Ada' }, source: 'camera', on: true }]);
    expect(bob.media.flags.vidinf).toBe(false);
  });

  it('put someone out, who does not come back', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    const removed = hear(bob, 'removed');
    const left = hear(ada, 'left');
    await done(ada.room.host.remove(bob.sid));
    await run(60_000);
    expect([bob.room.state, bob.room.ending, removed.length, bob.socket.connected]).toEqual([
      'left',
      'removed',
      1,
      false,
    ]);
    expect(left).toMatchObject([{ participant: { name: 'Bob' }, reason: 'removed' }]);
  });

  it('end the meeting for everyone, themselves included', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    await done(ada.room.host.end());
    await run();
    expect([ada.room.ending, bob.room.ending]).toEqual(['ended', 'ended']);
  });

  it('change the settings one by one', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    const settings = hear(bob, 'settings');
    await done(ada.room.host.change({ locked: true }));
    await run();
    expect(settings).toMatchObject([{ by: { name: 'Ada' }, settings: { locked: true, waitingRoom: false } }]);
    expect(bob.room.settings.locked).toBe(true);
  });
});

describe('Permissions', () => {
  it('switch off what is no longer permitted, and keep it off until it is', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    await bob.media.start({ microphone: true, camera: true });
    await done(ada.room.host.permit(bob.sid, { camera: false }));
    await run();
    expect([bob.room.may('camera'), bob.media.flags.vidinf, bob.media.flags.micinf]).toEqual([false, false, true]);
    await bob.media.setCamera(true);
    expect([bob.media.flags.vidinf, bob.media.camera.error?.code]).toEqual([false, 'forbidden']);
    await done(ada.room.host.permit(bob.sid, { camera: true }));
    await run();
    expect(bob.media.camera.error).toBeUndefined();
    await bob.media.setCamera(true);
    expect(bob.media.flags.vidinf).toBe(true);
  });

  it('hold for screens too, before anyone is asked which', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    await done(ada.room.host.permit(bob.sid, { screen: false }));
    await run();
    await expect(bob.media.startScreen()).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('leave hosts everything', async () => {
    server.settings = { ...server.settings, permissions: { ...kOthers, chat: false } };
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    expect([ada.room.may('chat'), bob.room.may('chat')]).toEqual([true, false]);
  });

  it('keep a cheating sender from being seen and heard', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    const tracks = hear(ada, 'track');
    const participant = ada.room.participants.get(bob.sid);
    const received = participant?.link.receivers.get('camera')?.track;
    expect(participant?.track('camera')).toBe(received);
    server.change(bob.sid, { permissions: { ...kOthers, camera: false } });
    await run();
    expect([participant?.track('camera'), received?.enabled]).toEqual([undefined, false]);
    expect(tracks).toMatchObject([{ source: 'camera', track: undefined }]);
    expect(participant?.track('microphone')).toBeDefined();
    server.change(bob.sid, { permissions: kOthers });
    await run();
    expect([participant?.track('camera'), received?.enabled]).toEqual([received, true]);
  });

  it('are not outwitted by a source that comes after they were taken', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    server.change(bob.sid, { permissions: { ...kOthers, screen: false } });
    await run();
    const tracks = hear(ada, 'track');
    // As a changed client might: straight into the link.
    const screen = new FakeTrack('video') as unknown as MediaStreamTrack;
    (bob.room.participants.get(ada.sid)?.link as PeerLink).updateOutgoing(new Map([['screen', screen]]));
    await run();
    const participant = ada.room.participants.get(bob.sid);
    expect(participant?.link.receivers.get('screen')?.track.enabled).toBe(false);
    expect([participant?.track('screen'), tracks.filter(({ track }) => track)]).toEqual([undefined, []]);
  });

  it('are forgotten when the meeting is over', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    await done(ada.room.host.permit(bob.sid, { camera: false }));
    await run();
    bob.room.leave();
    await bob.media.setCamera(true);
    expect(bob.media.flags.vidinf).toBe(true);
  });
});

describe('A room', () => {
  it('has a queue of raised hands', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    const hands = hear(ada, 'hand');
    await done(bob.room.raiseHand(true));
    await done(ada.room.raiseHand(true));
    await run();
    expect(ada.room.hands.map(({ name, self }) => [name, self])).toEqual([
      ['Bob', false],
      ['Ada', true],
    ]);
    expect(hands.map(({ name }) => name)).toEqual(['Bob', 'Ada']);
    await done(ada.room.host.lowerAllHands());
    await run();
    expect([ada.room.hands, bob.room.hands]).toEqual([[], []]);
  });

  it('shows reactions to all, and not a flood of them', async () => {
    const ada = await enter(server, 'Ada');
    const bob = await enter(server, 'Bob');
    const seen = hear(ada, 'reaction');
    const sent = Array.from({ length: 20 }, () => bob.room.react(kReactions[0])).filter(Boolean);
    await run();
    expect(seen).toHaveLength(sent.length);
    expect(sent.length).toBeLessThan(8);
    expect(seen[0]).toEqual({ sid: bob.sid, name: 'Bob', emoji: '👍', self: false });
    await run(1000);
    expect(bob.room.react('🎉')).toBe(true);
  });

  it('tells when it began by our own clock', async () => {
    const ada = await enter(server, 'Ada');
    expect(Math.abs((ada.room.startedAt ?? 0) - (Date.now() - 60_000))).toBeLessThan(1000);
  });

  it('is joined anew when Socket.IO recovered a connection whose place was given up', async () => {
    const ada = await enter(server, 'Ada');
    ada.socket.receive('error', { code: 'not-joined', message: 'join first' });
    await run();
    expect(server.log.filter(({ event }) => event === 'join')).toHaveLength(2);
    expect(ada.room.state).toBe('joined');
  });

  it('keeps one hand on the count of connections: a second device is a second participant', async () => {
    await enter(server, 'Ada');
    await enter(server, 'Ada');
    expect(server.seats.size).toBe(2);
    expect(FakePeerConnection.made.filter(({ closed }) => !closed).length).toBeGreaterThan(0);
  });
});
