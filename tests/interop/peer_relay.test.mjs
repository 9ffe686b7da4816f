// Parley's own peer connection where nothing but a relay may be used: through `parley serve`, by UDP, TCP and TLS.
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { startServer } from '../e2e/lib/server.mjs';
import { call, startPeer } from './lib/peer.mjs';
import { connect } from './lib/signalling.mjs';

async function relayOf(server) {
  const client = await connect(server.url);
  try {
    const { iceServers } = await client.ask('join', { room: 'turn', name: 'A', micinf: false, vidinf: false });
    return iceServers.find(({ username }) => username);
  } finally {
    await client.close();
  }
}

const candidates = (peer) => peer.events.filter(({ event, candidate }) => event === 'candidate' && candidate);

for (const [name, pattern] of [['UDP', /^turn:.*=udp/], ['TCP', /^turn:.*=tcp/], ['TLS', /^turns:/]]) {
  for (const other of ['parley', 'aiortc']) {
    test(`a call through the relay alone, by ${name}: parley and ${other}`, async (t) => {
      const args = ['--test-hooks', '--turn-tls', '127.0.0.1:0', '--turn-allow-peer', '0.0.0.0/0', '--workers', '1'];
      const server = await startServer({ t, args });
      const { urls, username, credential } = await relayOf(server);
      const relayOnly = ['--relay-only', urls.find((url) => pattern.test(url)), username, credential];
      const ours = await startPeer(t, 'parley', relayOnly);
      const theirs = await startPeer(t, other, other === 'parley' ? relayOnly : []);
      await call(ours, theirs, { channels: [{ label: 'x' }] });
      for (const peer of [ours, theirs]) for (const kind of ['audio', 'video']) await peer.framesCome(kind, 60);
      for (const { candidate } of candidates(ours)) assert.match(candidate, / typ relay /);
      assert.notEqual(candidates(ours).length, 0);
      assert.deepEqual([await ours.close(), await theirs.close()], [0, 0]);
    });
  }
}
