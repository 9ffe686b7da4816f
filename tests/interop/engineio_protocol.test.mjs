// What the Engine.IO protocol, revision 4, asks of a server: by plain requests and WebSockets,
// against the bare Engine.IO of the test hooks.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { start } from './lib/program.mjs';
import { Frames, sleep } from './lib/frames.mjs';

const interval = 300;
const timeout = 200;
let server, http, ws;

before(async () => {
  server = await start('tests/socketio_test_server', '--test-hooks');
  http = `${server.url}/engine.io/`;
  ws = http.replace('http', 'ws');
});
after(() => server.stop());

const polling = '?EIO=4&transport=polling';
const websocket = '?EIO=4&transport=websocket';

async function pollingSession() {
  const text = await (await fetch(http + polling)).text();
  return `${polling}&sid=${JSON.parse(text.slice(1)).sid}`;
}
async function websocketSession() {
  const frames = new Frames(ws + websocket);
  await frames.next();
  return frames;
}
const post = (query, body) => fetch(http + query, { method: 'POST', body });
const get = (query) => fetch(http + query);
const upgrade = (query) => new Frames(ws + query.replace('polling', 'websocket'));

// --- Handshake.

for (const [name, open, upgrades] of [
  ['long-polling', async () => (await get(polling)).text(), ['websocket']],
  ['WebSocket', async () => new Frames(ws + websocket).next(), []],
]) {
  test(`opens a session by ${name}`, async () => {
    const text = await open();
    assert.equal(text[0], '0');
    const { sid, ...rest } = JSON.parse(text.slice(1));
    assert.equal(typeof sid, 'string');
    assert.deepEqual(rest, {
      upgrades,
      pingInterval: interval,
      pingTimeout: timeout,
      maxPayload: 1000000,
    });
  });
}

for (const query of ['?transport=polling', '?EIO=abc&transport=polling', '?EIO=4', '?EIO=4&transport=abc']) {
  test(`refuses ${query}`, async () => {
    assert.equal((await get(query)).status, 400);
    assert.equal(await new Frames(ws + query.replace('polling', 'websocket')).closed, 1006);
  });
}

test('refuses a handshake by POST or PUT', async () => {
  assert.equal((await post(polling, '4x')).status, 400);
  assert.equal((await fetch(http + polling, { method: 'PUT' })).status, 400);
});

// --- Messages.

test('carries one message by long-polling', async () => {
  const query = await pollingSession();
  const answer = await post(query, '4hello');
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), 'ok');
  assert.equal(await (await get(query)).text(), '4hello');
});

test('carries several messages, binary ones too, by long-polling', async () => {
  const query = await pollingSession();
  await post(query, '4test1\x1ebAQIDBA==\x1e4t€st2');
  assert.equal(await (await get(query)).text(), '4test1\x1ebAQIDBA==\x1e4t€st2');
});

test('ends the session for a malformed payload', async () => {
  const query = await pollingSession();
  assert.equal((await post(query, 'abc')).status, 400);
  assert.equal((await get(query)).status, 400);
});

test('ends the session for two polls at once', async () => {
  const query = await pollingSession();
  const first = get(query);
  await sleep(5);
  const second = await get(`${query}&t=burst`);
  assert.equal(await (await first).text(), '1');
  assert.equal(second.status, 400);
  assert.equal((await get(query)).status, 400);
});

test('ends the session for a poll that was given up', async () => {
  const query = await pollingSession();
  const controller = new AbortController();
  const poll = fetch(http + query, { signal: controller.signal });
  await sleep(20);
  controller.abort();
  await assert.rejects(poll);
  await sleep(20);
  assert.equal((await get(query)).status, 400);
});

test('carries text and binary by WebSocket', async () => {
  const frames = await websocketSession();
  frames.send('4hello', Buffer.from([1, 2, 3, 4]));
  assert.deepEqual(await frames.take(2), ['4hello', Buffer.from([1, 2, 3, 4])]);
  await frames.close();
});

test('ends the session for a malformed frame', async () => {
  const frames = await websocketSession();
  frames.send('abc');
  await frames.closed;
});

test('takes a message as large as it said, and none larger', async () => {
  const frames = await websocketSession();
  const largest = `4${'a'.repeat(999999)}`;
  frames.send(largest);
  assert.equal(await frames.next(), largest);
  frames.send(`${largest}a`);
  assert.equal(await frames.closed, 1009);
  const query = await pollingSession();
  assert.equal((await post(query, `${largest}a`)).status, 413);
});

// --- Heartbeat.

test('pings by long-polling', async () => {
  const query = await pollingSession();
  for (let i = 0; i < 3; i++) {
    assert.equal(await (await get(query)).text(), '2');
    assert.equal((await post(query, '3')).status, 200);
  }
});

test('ends a session on long-polling whose pong does not come', async () => {
  const query = await pollingSession();
  await sleep(interval + timeout);
  assert.equal((await get(query)).status, 400);
});

test('pings by WebSocket', async () => {
  const frames = await websocketSession();
  for (let i = 0; i < 3; i++) {
    assert.equal(await frames.next(), '2');
    frames.send('3');
  }
  await frames.close();
});

test('ends a session on a WebSocket whose pong does not come', async () => {
  const began = Date.now();
  await (await websocketSession()).closed;
  const took = Date.now() - began;
  assert.ok(took >= interval + timeout - 50 && took < 10000, `${took} ms`);
});

// --- Closing.

test('lets the client close by long-polling', async () => {
  const query = await pollingSession();
  const poll = get(query);
  await sleep(5);
  assert.equal(await (await post(query, '1')).text(), 'ok');
  assert.equal(await (await poll).text(), '6');
  assert.equal((await get(query)).status, 400);
});

test('lets the client close by WebSocket', async () => {
  const frames = await websocketSession();
  frames.send('1');
  await frames.closed;
});

// --- Upgrade.

test('moves a session from long-polling to WebSocket', async () => {
  const query = await pollingSession();
  const frames = upgrade(query);
  await frames.opened;
  frames.send('2probe');
  assert.equal(await frames.next(), '3probe');
  frames.send('5', '4hello');
  assert.equal(await frames.next(), '4hello');
  assert.equal((await get(query)).status, 400, 'long-polling is over');
  await upgrade(query).closed; // A second upgrade is refused,
  frames.send('4hello again'); // and the first WebSocket is none the worse for it.
  assert.equal(await frames.next(), '4hello again');
  await frames.close();
});

test('loses, doubles and reorders nothing while sessions move', { timeout: 60000 }, async () => {
  const calm = await start('tests/socketio_test_server'); // Its heartbeat leaves the run alone.
  http = `${calm.url}/engine.io/`;
  ws = http.replace('http', 'ws');
  const messages = Array.from({ length: 200 }, (_, i) => `4message ${i}`);
  await Promise.all(
    Array.from({ length: 20 }, async (_, run) => {
      const query = await pollingSession();
      const got = [];
      let paused = false;
      // As a client does: polls until the probe is answered, then lets the last poll end.
      const polls = (async () => {
        while (!paused) got.push(...(await (await get(query)).text()).split('\x1e'));
      })();
      const half = 10 * run;
      const posting = (async () => {
        for (const message of messages.slice(0, half)) await post(query, message);
      })();
      const frames = upgrade(query);
      await frames.opened;
      frames.send('2probe');
      assert.equal(await frames.next(), '3probe');
      paused = true;
      await Promise.all([polls, posting]);
      frames.send('5', ...messages.slice(half));
      while (got.filter((packet) => packet[0] === '4').length < messages.length) {
        got.push(await frames.next());
      }
      assert.deepEqual(got.filter((packet) => packet[0] === '4'), messages);
      await frames.close();
    }),
  );
  await calm.stop();
});
