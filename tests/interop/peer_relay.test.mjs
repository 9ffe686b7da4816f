// Parley's own peer connection where nothing but a relay may be used: through `parley serve`, by UDP, TCP and TLS, and
// through coturn.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startServer } from '../e2e/lib/server.mjs';
import { until } from '../e2e/lib/wait.mjs';
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

// Ours has nothing but the relay; nor has the other, where it is ours, too.
async function talk(t, other, relayOnly) {
  const ours = await startPeer(t, 'parley', relayOnly);
  const theirs = await startPeer(t, other, other === 'parley' ? relayOnly : []);
  await call(ours, theirs, { channels: [{ label: 'x' }] });
  for (const peer of [ours, theirs]) for (const kind of ['audio', 'video']) await peer.framesCome(kind, 60);
  for (const { candidate } of candidates(ours)) assert.match(candidate, / typ relay /);
  assert.notEqual(candidates(ours).length, 0);
  assert.deepEqual([await ours.close(), await theirs.close()], [0, 0]);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

// coturn's relay, on loopback; its port.
async function startCoturn(t) {
  const port = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), 'coturn-'));
  const child = spawn('turnserver', ['-n', '-L', '127.0.0.1', '-E', '127.0.0.1', '-p', port, '-a', '-u', 'ada:secret',
    '-r', 'example.org', '--allow-loopback-peers', '--no-cli', '--no-tls', '--no-dtls', '--log-file', 'stdout',
    '--pidfile', path.join(folder, 'pid'), '-b', path.join(folder, 'db')].map(String), { stdio: 'ignore' });
  t.after(() => {
    child.kill('SIGKILL');
    return rm(folder, { recursive: true });
  });
  await until('coturn to listen', () => new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  }), { timeout: 20_000 });
  return port;
}

for (const [name, transport] of [['UDP', 'udp'], ['TCP', 'tcp']]) {
  for (const other of ['parley', 'aiortc']) {
    test(`a call through coturn alone, by ${name}: parley and ${other}`, async (t) => {
      const port = await startCoturn(t);
      await talk(t, other, ['--relay-only', `turn:127.0.0.1:${port}?transport=${transport}`, 'ada', 'secret']);
    });
  }
}

for (const [name, pattern] of [['UDP', /^turn:.*=udp/], ['TCP', /^turn:.*=tcp/], ['TLS', /^turns:/]]) {
  for (const other of ['parley', 'aiortc']) {
    test(`a call through the relay alone, by ${name}: parley and ${other}`, async (t) => {
      const args = ['--test-hooks', '--turn-tls', '127.0.0.1:0', '--turn-allow-peer', '0.0.0.0/0', '--workers', '1'];
      const server = await startServer({ t, args });
      const { urls, username, credential } = await relayOf(server);
      const relayOnly = ['--relay-only', urls.find((url) => pattern.test(url)), username, credential];
      await talk(t, other, relayOnly);
    });
  }
}
