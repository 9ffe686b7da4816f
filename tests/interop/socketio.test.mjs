// The npm socket.io-client, as it is, against our Socket.IO server.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { start } from './lib/program.mjs';
import { sleep } from './lib/frames.mjs';

const limit = { timeout: 30000 };
const origin = 'http://localhost:5173';
const ways = {
  'polling only': ['polling'],
  'WebSocket only': ['websocket'],
  'polling, then upgrade': ['polling', 'websocket'],
};

let server, recovering;
const open = new Set();

before(async () => {
  server = await start('tests/socketio_test_server', '--cors', origin);
  recovering = await start('tests/socketio_test_server', '--recovery');
});
after(async () => {
  for (const socket of open) socket.disconnect();
  await Promise.all([server.stop(), recovering.stop()]);
});

function client(path = '', options = {}) {
  const socket = io((options.url ?? server.url) + path, { forceNew: true, ...options });
  open.add(socket);
  return socket;
}
async function connected(path, options) {
  const socket = client(path, options);
  await once(socket, 'connect');
  return socket;
}
const upgraded = async (socket) => {
  if (socket.io.engine.transport.name !== 'websocket') await once(socket.io.engine, 'upgrade');
};
const ask = (socket, ...args) => socket.timeout(10000).emitWithAck(...args);
// All that comes on one event, in order.
function collect(socket, event) {
  const got = [];
  socket.on(event, (...args) => got.push(args));
  return got;
}

for (const [name, transports] of Object.entries(ways)) {
  describe(name, () => {
    const to = (path, options) => connected(path, { transports, ...options });

    test('exchanges events and acknowledgements', limit, async () => {
      const socket = await to();
      assert.deepEqual(await ask(socket, 'echo', { a: [1, 2.5, null, 'ü'] }), { a: [1, 2.5, null, 'ü'] });
      assert.equal(await ask(socket, 'add', 40, 2), 42);
      assert.deepEqual(await ask(socket, 'greet', { name: 'Ada', age: 36 }), { ok: true, text: 'hello Ada, 36' });
      socket.emit('bounce', 1, 'two', [3]);
      assert.deepEqual(await once(socket, 'bounced'), [1, 'two', [3]]);
      socket.disconnect();
    });

    test('carries binary both ways', limit, async () => {
      const socket = await to();
      const data = { deep: [Buffer.from([1, 2, 3])], more: new Uint8Array([4, 5]) };
      socket.emit('bounce', data, Buffer.alloc(0));
      const [back, empty] = await once(socket, 'bounced');
      assert.deepEqual([...back.deep[0]], [1, 2, 3]);
      assert.deepEqual([...back.more], [4, 5]);
      assert.equal(empty.length, 0);
      const acknowledged = await ask(socket, 'echo', Buffer.from('binary'));
      assert.equal(acknowledged.toString(), 'binary');
      socket.disconnect();
    });

    test('keeps the order of a thousand events, the upgrade among them', limit, async () => {
      const socket = await to();
      const got = collect(socket, 'bounced');
      for (let i = 0; i < 1000; i++) {
        socket.emit('bounce', i);
        if (i % 100 === 0) await sleep(1);
      }
      await ask(socket, 'echo');
      assert.deepEqual(got, Array.from({ length: 1000 }, (_, i) => [i]));
      if (transports.length > 1) await upgraded(socket);
      socket.disconnect();
    });

    test('carries payloads up to the limit, and says goodbye to larger ones', limit, async () => {
      const socket = await to('', { reconnection: false });
      if (transports.length > 1) await upgraded(socket);
      const large = 'x'.repeat(900000);
      assert.equal(await ask(socket, 'echo', large), large);
      const blob = Buffer.alloc(700000, 7);
      assert.deepEqual(await ask(socket, 'echo', blob), blob);
      socket.emit('echo', 'x'.repeat(1000001));
      const [reason] = await once(socket, 'disconnect');
      assert.match(reason, /^transport (close|error)$/);
    });

    test('acknowledges when it likes, and gives up when it must', limit, async () => {
      const socket = await to();
      assert.equal(await ask(socket, 'later', 50), 'at last');
      await assert.rejects(socket.timeout(100).emitWithAck('never'), /timed out/);
      socket.on('question', (question, answer) => answer(`${question}?`, 2));
      socket.emit('ask me', 'why');
      assert.deepEqual(await once(socket, 'answered'), ['why?', 2]);
      socket.off('question');
      socket.emit('ask me', 'why');
      assert.deepEqual(await once(socket, 'unanswered'), ['operation has timed out']);
      socket.disconnect();
    });

    test('says what is wrong with arguments, and names events that nobody handles', limit, async () => {
      const socket = await to();
      const error = { code: 'invalid', field: 'age', message: 'must be a whole number, not a string' };
      assert.deepEqual(await ask(socket, 'greet', { name: 'Ada', age: '36' }), { ok: false, error });
      socket.emit('greet', { name: 'Ada', age: '36' });
      assert.deepEqual(await once(socket, 'error'), [{ ok: false, error: { ...error, event: 'greet' } }]);
      assert.equal(await ask(socket, 'no such thing'), 'nobody handles "no such thing"');
      socket.disconnect();
    });

    test('reaches rooms', limit, async () => {
      const [a, b, c] = await Promise.all([to(), to(), to()]);
      const news = new Map([a, b, c].map((socket) => [socket, collect(socket, 'news')]));
      const room = `room of ${a.id}`;
      await Promise.all([ask(a, 'join', room), ask(b, 'join', room)]);
      assert.deepEqual(await ask(a, 'rooms'), [room]);
      await ask(a, 'to room', room, 'to the others');
      await ask(c, 'in room', room, 'to all in the room');
      await ask(a, 'in room', c.id, 'to one');
      await ask(b, 'leave', room);
      await ask(c, 'in room', room, 'after b left');
      await Promise.all([a, b, c].map((socket) => ask(socket, 'echo')));
      const heard = (socket) => news.get(socket).map(([text]) => text);
      assert.deepEqual(heard(a), ['to all in the room', 'after b left']);
      assert.deepEqual(heard(b), ['to the others', 'to all in the room']);
      assert.deepEqual(heard(c), ['to one']);
      for (const socket of [a, b, c]) socket.disconnect();
    });

    test('joins namespaces with an auth payload, unless middleware refuses', limit, async () => {
      const secret = client('/secret', { transports });
      const [refused] = await once(secret, 'connect_error');
      assert.equal(refused.message, 'no token');
      assert.deepEqual(refused.data, { code: 401 });
      secret.auth = { token: 'bad' };
      secret.connect();
      assert.equal((await once(secret, 'connect_error'))[0].message, 'bad token');
      secret.auth = { token: 'good' };
      secret.connect();
      await once(secret, 'connect');
      secret.emit('whisper', 'psst');
      assert.deepEqual(await once(secret, 'whispered'), ['psst']);
      const nowhere = secret.io.socket('/nowhere');
      const [unknown] = await once(nowhere, 'connect_error');
      assert.equal(unknown.message, 'Invalid namespace');
      secret.disconnect();
    });

    test('tells why somebody went', limit, async () => {
      const watch = await connected('/watch');
      const reasons = new Map();
      watch.on('gone', (id, reason) => reasons.set(id, reason));
      const reasonOf = async (socket, leave) => {
        const { id } = socket;
        leave(socket);
        while (!reasons.has(id)) await sleep(5);
        return reasons.get(id);
      };
      assert.equal(await reasonOf(await to(), (socket) => socket.disconnect()), 'client namespace disconnect');
      assert.equal(await reasonOf(await to(), (socket) => socket.io.engine.close()), 'transport close');
      const kicked = await to();
      const gone = once(kicked, 'disconnect');
      assert.equal(await reasonOf(kicked, (socket) => socket.emit('kick me')), 'server namespace disconnect');
      assert.equal((await gone)[0], 'io server disconnect');
      const cut = await to();
      assert.equal(await reasonOf(cut, (socket) => socket.emit('cut me off')), 'server namespace disconnect');
      watch.disconnect();
    });

    test('comes back after a break as somebody else', limit, async () => {
      const socket = await to('', { reconnectionDelay: 10 });
      const { id } = socket;
      socket.io.engine.close();
      await once(socket, 'connect');
      assert.notEqual(socket.id, id);
      assert.ok(!socket.recovered);
      socket.disconnect();
    });

    test('comes back as the same socket, with its rooms, its data and what it missed', limit, async () => {
      const url = recovering.url;
      const socket = client('', { url, transports, reconnectionDelay: 100, auth: { token: 'x' } });
      await once(socket, 'connect');
      const other = await to('', { url });
      if (transports.length > 1) await upgraded(socket);
      const room = `room of ${socket.id}`;
      await ask(socket, 'join', room);
      assert.equal(await ask(socket, 'count'), 1);
      const { id } = socket;
      const news = collect(socket, 'news');
      await ask(other, 'in room', room, 'before');
      socket.io.engine.close();
      await ask(other, 'in room', room, Buffer.from('in between'));
      await ask(other, 'in room', 'another room', 'not for us');
      await once(socket, 'connect');
      assert.equal(socket.recovered, true);
      assert.equal(socket.id, id);
      await ask(other, 'in room', room, 'after');
      assert.equal(await ask(socket, 'count'), 2);
      assert.deepEqual(await ask(socket, 'rooms'), [room]);
      const texts = news.map(([text]) => text.toString());
      assert.deepEqual(texts, ['before', 'in between', 'after']);
      socket.disconnect();
      other.disconnect();
    });
  });
}

test('hands the auth payload and the query over', limit, async () => {
  const socket = client('', { auth: { token: 'abc' }, query: { lang: 'de' } });
  const [auth, recovered, query] = await once(socket, 'welcome');
  assert.deepEqual(auth, { token: 'abc' });
  assert.equal(recovered, false);
  assert.match(query, /(^|&)lang=de(&|$)/);
  socket.disconnect();
});

test('collects the acknowledgements of a room', limit, async () => {
  const sockets = await Promise.all([1, 2, 3].map(() => connected()));
  await Promise.all(sockets.map((socket) => ask(socket, 'join', 'voters')));
  sockets[0].on('vote', (vote) => vote('yes'));
  sockets[1].on('vote', (vote) => vote('no'));
  const { promise, resolve } = Promise.withResolvers?.() ?? deferred();
  sockets[0].emit('poll room', 'voters', (votes, missing) => resolve([votes.sort(), missing]));
  assert.deepEqual(await promise, [['no', 'yes'], 1]);
  for (const socket of sockets) socket.disconnect();
});

function deferred() {
  let resolve;
  const promise = new Promise((call) => (resolve = call));
  return { promise, resolve };
}

test('shares one connection between namespaces', limit, async () => {
  const main = await connected();
  const watch = main.io.socket('/watch');
  await once(watch, 'connect');
  assert.notEqual(main.id, watch.id);
  watch.disconnect();
  assert.equal(await ask(main, 'echo', 'still here'), 'still here');
  main.disconnect();
});

test('lets the listed page in, and no other', limit, async () => {
  const from = (page, init) =>
    fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { ...init, headers: { origin: page, ...init?.headers } });
  const allowed = await from(origin);
  assert.equal(allowed.status, 200);
  assert.equal(allowed.headers.get('access-control-allow-origin'), origin);
  assert.equal(allowed.headers.get('access-control-allow-credentials'), 'true');
  const other = await from('http://evil.example');
  assert.equal(other.headers.get('access-control-allow-origin'), null);
  const preflight = await from(origin, {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-token' },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'x-token');
  assert.match(preflight.headers.get('access-control-allow-methods'), /POST/);
});

test('is missed and found again when the server restarts', limit, async () => {
  const first = await start('tests/socketio_test_server');
  const socket = await connected('', { url: first.url, reconnection: false });
  const gone = once(socket, 'disconnect');  // It may come before stop() has returned.
  await first.stop('SIGKILL');
  const [reason] = await gone;
  assert.match(reason, /^transport (close|error)$/);
});
