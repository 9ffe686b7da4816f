// What hosts can do, through the real server, by /ws and by the npm Socket.IO client.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';

import { startServer } from '../e2e/lib/server.mjs';
import { within } from '../e2e/lib/wait.mjs';
import { connect } from './lib/signalling.mjs';

let server;
before(async () => {
  server = await startServer();
});
after(() => server.close());

async function ws(t) {
  const client = await connect(server.url);
  t.after(() => client.close());
  return client;
}

// Speaks Socket.IO; what it hears is kept in order.
async function socketio(t, transports) {
  const socket = io(server.url, { forceNew: true, reconnection: false, transports });
  t.after(() => socket.disconnect());
  const events = [];
  let wake = () => {};
  socket.onAny((...event) => {
    events.push(event);
    wake();
  });
  await within(5_000, 'Socket.IO to connect', new Promise((resolve) => socket.once('connect', resolve)));
  return {
    ask: (event, body = {}) => socket.timeout(5_000).emitWithAck(event, body),
    async hear(name) {
      while (events.length === 0) {
        await within(5_000, `the event ${name}`, new Promise((resolve) => { wake = resolve; }));
      }
      const [event, body] = events.shift();
      assert.equal(event, name);
      return body;
    },
    join(room, name, more = {}) {
      return this.ask('join', { room, name, micinf: true, vidinf: true, ...more });
    },
  };
}

for (const [kind, open] of [
  ['/ws', ws],
  ['Socket.IO by polling', (t) => socketio(t, ['polling'])],
  ['Socket.IO by WebSocket', (t) => socketio(t, ['websocket'])],
]) {
  test(`a waiting room, with ${kind}`, async (t) => {
    const room = `wait-${kind.replace(/\W/g, '').toLowerCase()}`;
    const [ada, bob, cy] = [await open(t), await open(t), await open(t)];
    const { sid: a, role } = await ada.join(room, 'Ada');
    assert.equal(role, 'owner');
    assert.deepEqual(await ada.ask('settings', { waitingRoom: true }), { ok: true });
    const settings = await ada.hear('settings');
    assert.equal(settings.waitingRoom, true);
    assert.equal(settings.by, a);

    const wait = await bob.join(room, 'Bob');
    assert.deepEqual({ ...wait, resume: '' }, { ok: true, waiting: true, room, resume: '' });
    const { people: [person] } = await ada.hear('waiting');
    assert.equal(person.name, 'Bob');
    assert.equal((await bob.ask('hand', { raised: true })).error.code, 'not-joined');

    assert.deepEqual(await ada.ask('admit', { sids: [person.sid] }), { ok: true });
    const welcome = await bob.hear('admitted');
    assert.equal(welcome.sid, person.sid);
    assert.match(welcome.iceServers[0].urls[0], /^stun:127\.0\.0\.1:\d+$/);
    assert.equal((await ada.hear('joined')).participant.sid, person.sid);
    assert.deepEqual(await ada.hear('waiting'), { people: [] });

    assert.equal((await cy.join(room, 'Cy')).waiting, true);
    const { people: [other] } = await ada.hear('waiting');
    assert.deepEqual(await ada.ask('refuse', { sids: [other.sid] }), { ok: true });
    assert.deepEqual(await cy.hear('refused'), { reason: 'refused' });
  });
}

test('a locked room takes back its own, and nobody else', async (t) => {
  const [ada, bob, cy] = [await ws(t), await ws(t), await ws(t)];
  await ada.join('locked', 'Ada');
  const { resume } = await bob.join('locked', 'Bob');
  assert.deepEqual(await ada.ask('settings', { locked: true }), { ok: true });
  assert.equal((await cy.join('locked', 'Cy')).error.code, 'locked');
  await bob.ask('leave');
  assert.equal((await bob.join('locked', 'Bob', { resume })).ok, true);
});

test('mute, ask, permit and remove reach whom they are about', async (t) => {
  const [ada, bob] = [await ws(t), await ws(t)];
  const { sid: a } = await ada.join('control', 'Ada');
  const { sid: b, resume } = await bob.join('control', 'Bob');
  await ada.hear('joined');

  assert.deepEqual(await ada.ask('mute', { sid: b, source: 'microphone' }), { ok: true });
  assert.deepEqual(await bob.hear('muted'), { by: a, source: 'microphone' });
  assert.equal((await ada.hear('media')).micinf, false);

  assert.deepEqual(await ada.ask('ask', { sid: b, source: 'camera', on: false }), { ok: true });
  assert.deepEqual(await bob.hear('asked'), { by: a, source: 'camera', on: false });

  const permissions = { microphone: true, camera: true, screen: false, chat: false, todo: true };
  assert.deepEqual(await ada.ask('permit', { sid: b, permissions }), { ok: true });
  assert.deepEqual((await bob.hear('participant')).participant.permissions, permissions);
  assert.ok((await bob.hear('resume')).resume.startsWith(`${b}.`));
  assert.equal((await bob.ask('chat', { key: 'k', text: 'x' })).error.code, 'forbidden');
  assert.deepEqual((await bob.ask('media', { micinf: true, vidinf: true, scrinf: true })).error,
    { code: 'forbidden', message: 'You may not do that in this room.', field: 'scrinf' });
  for (const [event, body] of [
    ['settings', { locked: true }], ['admit', { sids: [a] }], ['refuse', { sids: [a] }],
    ['remove', { sid: a }], ['mute', { source: 'camera' }],
    ['ask', { sid: a, source: 'camera', on: true }], ['permit', { sid: a, permissions }],
    ['role', { sid: b, role: 'owner' }], ['end', {}], ['hand', { raised: false, sid: a }],
  ]) assert.equal((await bob.ask(event, body)).error.code, 'forbidden', event);

  assert.deepEqual(await ada.ask('remove', { sid: b }), { ok: true });
  assert.deepEqual(await bob.hear('removed'), { by: a });
  assert.equal((await bob.join('control', 'Bob', { resume })).error.code, 'removed');
  assert.equal((await bob.join('control', 'Bob again')).waiting, true); // The same address.
});

test('a meeting is handed over, inherited and ended', async (t) => {
  const [ada, bob, cy] = [await ws(t), await ws(t), await ws(t)];
  await ada.join('hand-over', 'Ada');
  const { sid: b } = await bob.join('hand-over', 'Bob');
  const { sid: c } = await cy.join('hand-over', 'Cy');
  assert.deepEqual(await ada.ask('role', { sid: b, role: 'owner' }), { ok: true });
  assert.equal((await ada.ask('role', { sid: c, role: 'cohost' })).error.code, 'forbidden');
  assert.deepEqual(await bob.ask('role', { sid: c, role: 'cohost' }), { ok: true });
  await ada.ask('leave');
  await bob.ask('leave'); // Cy is the cohost, and follows.
  assert.deepEqual(await ada.join('hand-over', 'Ada').then(({ role }) => role), 'participant');
  assert.deepEqual(await cy.ask('end'), { ok: true });
  assert.deepEqual(await ada.hearNext('ended'), { by: c });
  assert.equal((await ada.ask('leave')).error.code, 'not-joined');
  assert.equal((await ada.join('hand-over', 'Ada')).role, 'owner');
});

test('hands and reactions reach everyone', async (t) => {
  const [ada, bob] = [await ws(t), await ws(t)];
  await ada.join('hands', 'Ada');
  const { sid: b } = await bob.join('hands', 'Bob');
  await ada.hear('joined');
  assert.deepEqual(await bob.ask('hand', { raised: true }), { ok: true });
  assert.equal((await ada.hear('participant')).participant.hand, 1);
  assert.deepEqual(await ada.ask('hand', { raised: false, sid: b }), { ok: true });
  assert.equal((await ada.hear('participant')).participant.hand, null);
  assert.deepEqual(await bob.ask('react', { emoji: '👏' }), { ok: true });
  assert.deepEqual(await ada.hear('reaction'), { sid: b, emoji: '👏' });
  assert.equal((await bob.ask('react', { emoji: '🐍' })).error.field, 'emoji');
});
