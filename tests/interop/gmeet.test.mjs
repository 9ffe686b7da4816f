// examples/gmeet, spoken to as the page of the classic clone does.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { start } from './lib/program.mjs';

const limit = { timeout: 30000 };
const page = { forceNew: true, extraHeaders: { origin: 'http://localhost:5173' } };
let server;
const open = [];

before(async () => {
  server = await start('examples/gmeet', '--port', '0');
});
after(() => {
  for (const socket of open) socket.disconnect();
  return server.stop();
});

async function tab(roomId) {
  const socket = io(server.url, page);
  open.push(socket);
  await once(socket, 'connect');
  await socket.timeout(10000).emitWithAck('join', { roomId });
  return socket;
}

test('brings two tabs of a room together, and keeps other rooms out', limit, async () => {
  const caller = await tab('r1');
  const callee = await tab('r1');
  const stranger = await tab('r2');
  stranger.onAny((event) => assert.fail(`heard ${event}`));

  const steps = [
    [caller, callee, 'localDescription', { description: { type: 'offer', sdp: 'v=0\r\n' } }],
    [caller, callee, 'iceCandidate', { candidate: { candidate: 'candidate:1', sdpMLineIndex: 0 } }],
    [callee, caller, 'remoteDescription', { description: { type: 'answer', sdp: 'v=0\r\n' } }],
    [callee, caller, 'iceCandidateReply', { candidate: null }],
  ];
  for (const [from, to, event, message] of steps) {
    const heard = once(to, event);
    from.emit(event, message);
    assert.deepEqual(await heard, [message]);
  }
  await stranger.timeout(10000).emitWithAck('localDescription', {}); // Nobody is there: that is fine.
});

test('says nothing more to a room that a tab has left', limit, async () => {
  const mover = await tab('a');
  const rest = await tab('a');
  await mover.timeout(10000).emitWithAck('join', { roomId: 'b' });
  mover.onAny((event) => assert.fail(`heard ${event}`));
  await rest.timeout(10000).emitWithAck('iceCandidate', { candidate: 'x' });
  await mover.timeout(10000).emitWithAck('iceCandidateReply', { candidate: 'y' });
});

test('lets the page of the dev server in', limit, async () => {
  const url = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const answer = await fetch(url, { headers: { origin: 'http://localhost:5173' } });
  assert.equal(answer.headers.get('access-control-allow-origin'), 'http://localhost:5173');
});
