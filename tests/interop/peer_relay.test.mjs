// Parley's own peer connection where nothing but a relay may be used: through `parley serve` and through coturn, by
// UDP, TCP and TLS.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { haveChromium, haveFirefox, launchChromium, launchFirefox } from '../e2e/lib/browsers.mjs';
import { startServer } from '../e2e/lib/server.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { call, pagePeer, startPeer } from './lib/peer.mjs';
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

// The candidates that a peer told, by themselves and in descriptions.
const told = (peer) => peer.events.flatMap(({ event, candidate, sdp }) => {
  if (event === 'candidate' && candidate) return [candidate];
  return event === 'description' ? sdp.split('\r\n').filter((line) => line.startsWith('a=candidate:')) : [];
});

const startProgram = (name) => (t, relay) => startPeer(t, name, ['--relay-only', relay.url, relay.username, relay.credential]);
const startPage = (name, launch) => async (t, { url, username, credential }) => pagePeer(await launch(t), name, {
  iceServers: [{ urls: url, username, credential }], iceTransportPolicy: 'relay',
});
const chromium = (t) => launchChromium({ t, args: ['--ignore-certificate-errors'] });
const firefox = (t) => launchFirefox({ t }); // It believes no certificate of our own where TURN is by TLS.
const others = {
  parley: { start: startProgram('parley') },
  aiortc: { start: startProgram('aiortc') },
  chromium: { start: startPage('chromium', chromium), skip: !haveChromium && 'no Chromium' },
  firefox: { start: startPage('firefox', firefox), skip: !haveFirefox && 'no Firefox', tls: false },
};

// Neither has anything but the relay.
async function talk(t, { start }, relay) {
  const [ours, theirs] = [await others.parley.start(t, relay), await start(t, relay)];
  await call(ours, theirs, { channels: [{ label: 'x' }] });
  for (const peer of [ours, theirs]) for (const kind of ['audio', 'video']) await peer.framesCome(kind, 60);
  for (const peer of [ours, theirs]) for (const text of told(peer)) assert.match(text, / typ relay /);
  assert.notEqual(told(ours).length, 0);
  assert.deepEqual([await ours.close(), await theirs.close()], [0, 0]);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

// coturn's relay, on loopback; its ports.
async function startCoturn(t) {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const folder = await mkdtemp(path.join(tmpdir(), 'coturn-'));
  const [certificate, key] = [path.join(folder, 'certificate.pem'), path.join(folder, 'key.pem')];
  await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
    '-nodes', '-subj', '/CN=localhost', '-days', '2', '-keyout', key, '-out', certificate]);
  const child = spawn('turnserver', ['-n', '-L', '127.0.0.1', '-E', '127.0.0.1', '-p', port, '-a', '-u', 'ada:secret',
    '-r', 'example.org', '--allow-loopback-peers', '--no-cli', '--no-dtls', '--log-file', 'stdout',
    '--tls-listening-port', tlsPort, '--cert', certificate, '--pkey', key,
    '--pidfile', path.join(folder, 'pid'), '-b', path.join(folder, 'db')].map(String), { stdio: 'ignore' });
  t.after(() => {
    child.kill('SIGKILL');
    return rm(folder, { recursive: true });
  });
  await until('coturn to listen', () => new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  }), { timeout: 20_000 });
  return { port, tlsPort };
}

const urlOf = {
  UDP: ({ port }) => `turn:127.0.0.1:${port}?transport=udp`,
  TCP: ({ port }) => `turn:127.0.0.1:${port}?transport=tcp`,
  TLS: ({ tlsPort }) => `turns:127.0.0.1:${tlsPort}?transport=tcp`,
};
for (const name of ['UDP', 'TCP', 'TLS']) {
  for (const other of ['parley', 'aiortc']) {
    test(`a call through coturn alone, by ${name}: parley and ${other}`, async (t) => {
      const url = urlOf[name](await startCoturn(t));
      await talk(t, others[other], { url, username: 'ada', credential: 'secret' });
    });
  }
}

for (const [name, pattern] of [['UDP', /^turn:.*=udp/], ['TCP', /^turn:.*=tcp/], ['TLS', /^turns:/]]) {
  for (const [other, peer] of Object.entries(others)) {
    if (name === 'TLS' && peer.tls === false) continue;
    test(`a call through the relay alone, by ${name}: parley and ${other}`, { skip: peer.skip }, async (t) => {
      const args = ['--test-hooks', '--turn-tls', '127.0.0.1:0', '--turn-allow-peer', '0.0.0.0/0', '--workers', '1'];
      const server = await startServer({ t, args });
      const { urls, username, credential } = await relayOf(server);
      await talk(t, peer, { url: urls.find((url) => pattern.test(url)), username, credential });
    });
  }
}
