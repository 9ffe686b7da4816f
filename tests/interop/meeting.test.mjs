// A meeting through the real server: the walk through docs/protocol.md, by /ws and by the npm
// Socket.IO client, and the two together.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';

import { kOneStream, startServer } from '../e2e/lib/server.mjs';
import { within } from '../e2e/lib/wait.mjs';
import { connect } from './lib/signalling.mjs';

let server;
before(async () => {
  server = await startServer({ args: kOneStream });
});
after(() => server.close());

const sidForm = /^[A-Za-z0-9_-]{12}$/;
const permissions = { microphone: true, camera: true, screen: true, chat: true, todo: true };
const view = (sid, name, more = {}) => ({
  sid, name, micinf: true, vidinf: true, scrinf: false, away: false,
  role: 'participant', hand: null, permissions, account: false, ...more,
});
// Without the time, which is checked to be one.
const seen = ({ joinedAt, ...participant }) => {
  assert.ok(Math.abs(Date.now() - joinedAt) < 60_000);
  return participant;
};

// A Socket.IO client; its events are awaited by name.
async function socketio(t, options = {}) {
  const socket = io(server.url, { forceNew: true, reconnection: false, ...options });
  t.after(() => socket.disconnect());
  await within(15_000, 'Socket.IO to connect', new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  }));
  return {
    socket,
    ask: (event, ...args) => socket.timeout(15_000).emitWithAck(event, ...args),
    hear: (event) => within(15_000, `the event ${event}`,
      new Promise((resolve) => socket.once(event, resolve))),
  };
}

async function ws(t) {
  const client = await connect(server.url);
  t.after(() => client.close());
  return client;
}

test('two people meet, negotiate and part by /ws', async (t) => {
  const [ada, bob] = [await ws(t), await ws(t)];
  const { resume: adaResume, sid: a, startedAt, serverTime, ...first } = await ada.join('Walk', 'Ada');
  assert.match(a, sidForm);
  assert.ok(adaResume.startsWith(`${a}.`));
  const [stun, turn, ...others] = first.iceServers;
  assert.match(stun.urls.join(' '), /^stun:127\.0\.0\.1:\d+$/);
  assert.match(turn.urls.join(' '),
    /^turn:127\.0\.0\.1:\d+\?transport=udp turn:127\.0\.0\.1:\d+\?transport=tcp turns:127\.0\.0\.1:\d+\?transport=tcp$/);
  assert.match(turn.username, /^\d+:\S+$/);
  assert.ok(turn.credential.length > 20);
  assert.deepEqual(others, []);
  assert.deepEqual(first, {
    ok: true, resumed: false, room: 'walk', topology: 'p2p', oneStream: true, participants: [],
    iceServers: [stun, turn], graceSeconds: 30, name: 'Ada', role: 'owner', permissions,
    hand: null, account: null, kept: false, waiting: [], onStage: true,
    settings: { locked: false, waitingRoom: false, membersOnly: false, permissions, lecture: false },
  });
  assert.ok(Math.abs(Date.now() - startedAt) < 60_000 && serverTime >= startedAt);

  const second = await bob.join('walk', ' Bob ', { vidinf: false });
  const b = second.sid;
  assert.deepEqual(second.participants.map(seen), [view(a, 'Ada', { role: 'owner' })]);
  assert.deepEqual(seen((await ada.hear('joined')).participant), view(b, 'Bob', { vidinf: false }));

  const offer = { type: 'offer', sdp: 'v=0\r\n', sources: { 0: 'microphone', 1: 'camera' } };
  assert.deepEqual(await bob.ask('description', { sid: a, ...offer }), { ok: true });
  assert.deepEqual(await ada.hear('description'), { sid: b, cname: 'Bob', ...offer });
  ada.say('description', { sid: b, type: 'answer', sdp: 'v=0\r\n' });
  assert.deepEqual(await bob.hear('description'),
    { sid: a, cname: 'Ada', type: 'answer', sdp: 'v=0\r\n' });

  const candidate = {
    candidate: 'candidate:1 1 udp 2122260223 192.0.2.7 51234 typ host',
    sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null,
  };
  ada.say('candidate', { sid: b, candidate });
  assert.deepEqual(await bob.hear('candidate'), { sid: a, cname: 'Ada', candidate });
  ada.say('candidate', { sid: b, candidate: null });
  assert.deepEqual(await bob.hear('candidate'), { sid: a, cname: 'Ada', candidate: null });

  ada.say('media', { micinf: false, vidinf: true, scrinf: true });
  assert.deepEqual(await bob.hear('media'), { sid: a, micinf: false, vidinf: true, scrinf: true });

  const room = await (await fetch(`${server.url}/api/rooms/walk`)).json();
  assert.deepEqual(room, {
    name: 'walk', topology: 'p2p', participants: [
      { name: 'Ada', micinf: false, vidinf: true, scrinf: true, away: false },
      { name: 'Bob', micinf: true, vidinf: false, scrinf: false, away: false },
    ],
    locked: false, waitingRoom: false, membersOnly: false, lecture: false, kept: false, you: null,
  });

  assert.deepEqual(await bob.ask('leave'), { ok: true });
  assert.deepEqual(await ada.hear('left'), { sid: b, reason: 'left' });
});

test('mistakes are named, with an acknowledgement and without', async (t) => {
  const ada = await ws(t);
  assert.deepEqual(await ada.ask('join', { room: 'x', micinf: true, vidinf: true }), {
    ok: false, error: { code: 'invalid', message: 'name: is missing', field: 'name' },
  });
  assert.equal((await ada.ask('media', { micinf: true, vidinf: true, scrinf: true })).error.code,
    'not-joined');
  assert.equal((await ada.ask('dance')).error.code, 'unknown-event');
  ada.say('join', { room: 'x', name: 'A', micinf: 'yes', vidinf: true });
  assert.deepEqual(await ada.hear('error'), {
    code: 'invalid', message: 'micinf: must be a boolean, not a string', field: 'micinf',
  });
  ada.send('{"no": "array"}');
  assert.equal((await ada.hear('error')).code, 'invalid');
  ada.send('no JSON');
  assert.equal((await ada.hear('error')).code, 'invalid');
  assert.equal((await ada.join('mistakes', 'Ada')).ok, true); // Still welcome.
  assert.equal((await ada.join('mistakes', 'Ada')).error.code, 'already-joined');
});

test('what is too large or binary ends a /ws connection', async (t) => {
  const large = await ws(t);
  large.send(JSON.stringify(['join', { name: 'x'.repeat(128 * 1024) }]));
  assert.equal(await within(15_000, 'the close', large.closed), 1009);
  const binary = await ws(t);
  binary.send(Buffer.from('["leave",{}]'));
  assert.equal(await within(15_000, 'the close', binary.closed), 1003);
});

test('whoever breaks off is away, and comes back as the same', async (t) => {
  const [ada, bob] = [await ws(t), await ws(t)];
  const { sid, resume } = await ada.join('break', 'Ada');
  const { sid: b } = await bob.join('break', 'Bob');
  await ada.cut();
  assert.deepEqual(await bob.hear('away'), { sid });
  bob.say('candidate', { sid, candidate: null });
  const again = await ws(t);
  const welcome = await again.join('break', 'Ada', { resume });
  assert.equal(welcome.sid, sid);
  assert.equal(welcome.resumed, true);
  assert.deepEqual(await again.hear('candidate'), { sid: b, cname: 'Bob', candidate: null });
  assert.deepEqual(seen((await bob.hear('back')).participant), view(sid, 'Ada', { role: 'owner' }));

  const third = await ws(t);
  await third.join('break', 'Ada', { resume: welcome.resume });
  assert.deepEqual(await again.hear('replaced'), {});
});

for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
  test(`Socket.IO by ${transports.join(' then ')} meets /ws`, async (t) => {
    const room = `mixed-${transports.join('-')}`;
    const ada = await ws(t);
    const { sid: a } = await ada.join(room, 'Ada');
    const bob = await socketio(t, { transports });
    const welcome = await bob.ask('join', { room, name: 'Bob', micinf: true, vidinf: true });
    assert.deepEqual(welcome.participants.map(seen), [view(a, 'Ada', { role: 'owner' })]);
    assert.match(welcome.iceServers[0].urls[0], /^stun:127\.0\.0\.1:\d+$/);
    assert.deepEqual(seen((await ada.hear('joined')).participant), view(welcome.sid, 'Bob'));

    const heard = bob.hear('description');
    ada.say('description', { sid: welcome.sid, type: 'offer', sdp: 'v=0' });
    assert.deepEqual(await heard, { sid: a, cname: 'Ada', type: 'offer', sdp: 'v=0' });

    assert.equal((await bob.ask('candidate', { sid: 'nobody', candidate: null })).error.code,
      'no-such-participant');
    assert.equal((await bob.ask('dance', {})).error.code, 'unknown-event');
    assert.equal((await bob.ask('leave', {}, {})).error.code, 'invalid');
    const error = bob.hear('error');
    bob.socket.emit('media', { micinf: 1 });
    assert.equal((await error).code, 'invalid');
    assert.deepEqual(await bob.ask('leave'), { ok: true });
    assert.deepEqual(await ada.hear('left'), { sid: welcome.sid, reason: 'left' });
  });
}

test('Socket.IO recovers a broken connection with what was missed', async (t) => {
  const ada = await ws(t);
  const { sid: a } = await ada.join('recover', 'Ada');
  const bob = await socketio(t, {
    transports: ['websocket'], reconnection: true, reconnectionDelay: 300, randomizationFactor: 0,
  });
  const { sid: b } = await bob.ask('join',
    { room: 'recover', name: 'Bob', micinf: true, vidinf: true });
  await ada.hear('joined');
  // Recovery starts from the offset of the last event that came.
  const first = bob.hear('media');
  ada.say('media', { micinf: true, vidinf: true, scrinf: true });
  await first;

  const missed = bob.hear('description');
  bob.socket.io.engine.transport.ws.terminate();
  assert.deepEqual(await ada.hear('away'), { sid: b });
  await ada.ask('description', { sid: b, type: 'offer', sdp: 'v=0' });
  assert.deepEqual(await missed, { sid: a, cname: 'Ada', type: 'offer', sdp: 'v=0' });
  assert.deepEqual(seen((await ada.hear('back')).participant), view(b, 'Bob'));
  assert.equal(bob.socket.recovered, true);
  assert.deepEqual(await bob.ask('leave'), { ok: true });
});

test('a room that never goes over the server is full at its limit', async (t) => {
  const people = await Promise.all(Array.from({ length: 17 }, () => ws(t)));
  const answers = [];
  for (const person of people) answers.push(await person.join('full', 'P', { topology: 'p2p' }));
  assert.equal(answers.filter((answer) => answer.ok).length, 16);
  assert.equal(answers.at(-1).error.code, 'room-full');
});

test('/metrics counts all that', async () => {
  const response = await fetch(`${server.url}/metrics`);
  assert.match(response.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  const value = (name) => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    assert.ok(line, name);
    return Number(line.slice(name.length + 1));
  };
  assert.ok(value('parley_joins_total') > 20);
  assert.ok(value('parley_refusals_total{code="room-full"}') === 1);
  assert.ok(value('parley_returns_total{by="recovery"}') >= 1);
  assert.ok(value('parley_returns_total{by="resume"}') >= 2);
  assert.ok(value('process_resident_memory_bytes') > 1e6);
});
