// How a room's media travels, through the real server: the events of "By the server" in docs/protocol.md, by /ws and by the npm
// Socket.IO client, where the operator has ruled the server out.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';

import { startServer } from '../e2e/lib/server.mjs';
import { within } from '../e2e/lib/wait.mjs';
import { connect } from './lib/signalling.mjs';

let folder;
let server;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parley-media-'));
  const file = path.join(folder, 'parley.toml');
  await writeFile(file, '[media]\nsfu = false\n[rooms]\nmesh_limit = 1\n');
  server = await startServer({ args: ['--config', file] });
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const offer = { sdp: 'v=0\r\n', sources: { 0: 'microphone', 1: 'camera' } };

// Someone by either way in: join() and ask() resolve to the acknowledgement.
async function byWs(t) {
  const client = await connect(server.url);
  t.after(() => client.close());
  return client;
}

async function bySocketio(t) {
  const socket = io(server.url, { forceNew: true, reconnection: false, transports: ['websocket'] });
  t.after(() => socket.disconnect());
  await within(15_000, 'Socket.IO to connect', new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  }));
  const ask = (event, body) => socket.timeout(15_000).emitWithAck(event, body);
  return {
    ask,
    join: (room, name, more) => ask('join', { room, name, micinf: true, vidinf: true, ...more }),
  };
}

for (const [way, enter] of [['/ws', byWs], ['Socket.IO', bySocketio]]) {
  test(`without media all is peer to peer, by ${way}`, async (t) => {
    const room = `peers-${way.replace(/\W/g, '')}`;
    const [ada, bob] = [await enter(t), await enter(t)];
    const a = await ada.join(room, 'Ada', { topology: 'sfu', offer });
    assert.equal(a.ok, true);
    assert.equal(a.topology, 'p2p');
    assert.equal('answer' in a, false);
    const b = await bob.join(room, 'Bob', { offer });
    assert.equal(b.topology, 'p2p');

    assert.deepEqual(await bob.ask('negotiate', { offer }), {
      ok: false, error: { code: 'unavailable', message: 'This server carries no media.' },
    });
    assert.deepEqual(await bob.ask('unconnected', { sid: a.sid }), { ok: true });
    assert.deepEqual(
      await bob.ask('view', { tiles: [{ sid: a.sid, source: 'camera', width: 640, height: 360 }] }),
      { ok: true });
    const state = await (await fetch(`${server.url}/api/rooms/${room}`)).json();
    assert.equal(state.topology, 'p2p');
  });

  test(`mistakes about media are named, by ${way}`, async (t) => {
    const ada = await enter(t);
    const problem = async (event, body) => {
      const { error } = await ada.ask(event, body);
      return `${error.code} ${error.field ?? ''}`.trim();
    };
    assert.equal(await problem('negotiate', { offer }), 'not-joined');
    const { sid } = await ada.join('mistakes', 'Ada');
    assert.equal(await problem('negotiate', {}), 'invalid offer');
    assert.equal(await problem('negotiate', { offer: { sdp: 'v=0', sources: { 0: 'tv' } } }), 'invalid offer.sources.0');
    assert.equal(await problem('unconnected', { sid }), 'no-such-participant');
    assert.equal(await problem('unconnected', { sid: 'nobody' }), 'no-such-participant');
    assert.equal(
      await problem('view', { tiles: [{ sid, source: 'microphone', width: 1, height: 1 }] }),
      'invalid tiles[0].source');
    assert.equal((await ada.ask('leave', {})).ok, true);
  });
}

test('/metrics counts what was reported', async () => {
  const page = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(page, /^parley_unconnected_total 2$/m);
  assert.match(page, /^parley_rooms_by_server 0$/m);
  assert.match(page, /^parley_topology_changes_total\{reason="third"\} 0$/m);
});
