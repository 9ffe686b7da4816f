// What the Socket.IO protocol, revision 5, asks of a server: frame by frame, against the test hooks.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { start } from './lib/program.mjs';
import { Frames } from './lib/frames.mjs';

let server, url;

before(async () => {
  server = await start('tests/socketio_test_server', '--test-hooks');
  url = `${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
});
after(() => server.stop());

async function engine() {
  const frames = new Frames(url);
  assert.match(await frames.next(), /^0/);
  return frames;
}

// In a namespace, with its two frames taken: the answer and the "auth" event.
async function connected(connect = '40') {
  const frames = await engine();
  frames.send(connect);
  await frames.take(2);
  return frames;
}

for (const [connect, prefix, auth] of [
  ['40', '', '{}'],
  ['40{"token":"123"}', '', '{"token":"123"}'],
  ['40/custom,', '/custom,', '{}'],
  ['40/custom', '/custom,', '{}'],
  ['40/custom,{"token":"abc"}', '/custom,', '{"token":"abc"}'],
]) {
  test(`connects by ${connect}`, async () => {
    const frames = await engine();
    frames.send(connect);
    const answer = await frames.next();
    assert.ok(answer.startsWith(`40${prefix}`), answer);
    const data = JSON.parse(answer.slice(2 + prefix.length));
    assert.deepEqual(Object.keys(data), ['sid']);
    assert.equal(typeof data.sid, 'string');
    assert.equal(await frames.next(), `42${prefix}["auth",${auth}]`);
    await frames.close();
  });
}

test('sends "auth" in a read of its own, for who waits for one frame after the other', async () => {
  const frames = await engine();
  const next = () => new Promise((resolve) => frames.socket.once('message', (data) => resolve(`${data}`)));
  frames.send('40');
  assert.match(await next(), /^40{"sid"/);
  assert.equal(await next(), '42["auth",{}]');
  await frames.close();
});

test('refuses a namespace that it does not know', async () => {
  const frames = await engine();
  frames.send('40/random');
  assert.equal(await frames.next(), '44/random,{"message":"Invalid namespace"}');
  await frames.close();
});

for (const packet of ['4abc', '42{}', '42abc["message-with-ack",1,"2",{"3":[false]}]', '4']) {
  test(`closes the connection for ${packet}`, async () => {
    const frames = await engine();
    frames.send(packet);
    await frames.closed;
    const joined = await connected();
    joined.send(packet);
    await joined.closed;
  });
}

test('closes a connection that joins no namespace', async () => {
  const frames = await engine();
  const pongs = (async () => {
    while ((await frames.next()) === '2') frames.send('3');
  })();
  const began = Date.now();
  await Promise.race([frames.closed, pongs]);
  const took = Date.now() - began;
  assert.ok(took > 900 && took < 10000, `${took} ms`);
});

test('lets a client leave the main namespace and keeps the connection', async () => {
  const frames = await connected();
  frames.send('41');
  assert.equal(await frames.next(), '2');
  await frames.close();
});

test('lets a client leave one of two namespaces', async () => {
  const frames = await connected();
  frames.send('40/custom');
  await frames.take(2);
  frames.send('41/custom', '42["message","message to main namespace"]');
  assert.equal(await frames.next(), '42["message-back","message to main namespace"]');
  await frames.close();
});

test('sends a message back', async () => {
  const frames = await connected();
  frames.send('42["message",1,"2",{"3":[true]}]');
  assert.equal(await frames.next(), '42["message-back",1,"2",{"3":[true]}]');
  await frames.close();
});

test('sends binary back', async () => {
  const frames = await connected();
  const data = [Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6])];
  const placeholders = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';
  frames.send(`452-["message",${placeholders}]`, ...data);
  assert.deepEqual(await frames.take(3), [`452-["message-back",${placeholders}]`, ...data]);
  await frames.close();
});

test('acknowledges', async () => {
  const frames = await connected();
  frames.send('42456["message-with-ack",1,"2",{"3":[false]}]');
  assert.equal(await frames.next(), '43456[1,"2",{"3":[false]}]');
  await frames.close();
});

test('acknowledges with binary', async () => {
  const frames = await connected('40/custom,');
  const data = [Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6])];
  const placeholders = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';
  frames.send(`452-/custom,789["message-with-ack",${placeholders}]`, ...data);
  assert.deepEqual(await frames.take(3), [`462-/custom,789[${placeholders}]`, ...data]);
  await frames.close();
});
