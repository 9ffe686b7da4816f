// The server as an operator knows it: start, stop, certificates, pages, who may connect.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import tls from 'node:tls';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import WebSocket from 'ws';

import { binary, startServer } from '../e2e/lib/server.mjs';
import { until, within } from '../e2e/lib/wait.mjs';
import { connect } from './lib/signalling.mjs';

// Runs it to its end.
async function run(...args) {
  const child = spawn(binary, args);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  const ended = new Promise((resolve) => child.once('close', resolve));
  output.code = await within(20_000, 'parley to end', ended);
  return output;
}

// A request with whatever headers, which fetch() would not send.
function request(url, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    http.request(url, { headers, method }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({
        status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks),
      }));
    }).on('error', reject).end();
  });
}

// The HTTP status that a WebSocket handshake gets; 101 where it is let in.
function handshake(url, headers) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url.replace('http', 'ws'), { headers });
    socket.once('open', () => {
      resolve(101);
      socket.close();
    });
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
    socket.on('error', () => {});
  });
}

describe('start and stop', () => {
  test('prints its version and help', async () => {
    assert.match((await run('--version')).stdout, /^parley \d+\.\d+\.\d+\n$/);
    const help = await run('serve', '--help');
    assert.equal(help.code, 0);
    assert.match(help.stdout, /--listen/);
  });

  test('says in one sentence what is wrong with a flag, a file or a port', async (t) => {
    const flag = await run('serve', '--listen', '8080');
    assert.equal(flag.code, 1);
    assert.match(flag.stderr, /^--listen must be an address and port .*\.\n$/);

    const folder = await mkdtemp(path.join(tmpdir(), 'parley-config-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'parley.toml');
    await writeFile(file, '[rooms]\ngrase = 5\n');
    const config = await run('serve', '--config', file);
    assert.equal(config.code, 1);
    assert.equal(config.stderr,
      `${file}, line 2: rooms.grase is not a known key; did you mean rooms.grace?\n`);

    const first = await startServer({ t });
    const address = new URL(first.url).host;
    const second = await run('serve', '--listen', address, '--data', folder);
    assert.equal(second.code, 1);
    assert.match(second.stderr.split('\n').at(-2), /^parley: .*Choose another by --listen\.$/);
  });

  test('runs beside another with the same default ports', async (t) => {
    const servers = [await startServer({ t }), await startServer({ t })];
    assert.notEqual(servers[0].port, servers[1].port);
  });

  test('takes its settings from a file, and flags before them', async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'parley-config-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'parley.toml');
    await writeFile(file, '[http]\nlisten = "127.0.0.1:1"\n[rooms]\nmax_participants = 2\n');
    const server = await startServer({ t, args: ['--config', file] });
    const clients = [];
    for (const name of ['a', 'b', 'c']) {
      const client = await connect(server.url);
      t.after(() => client.close());
      clients.push(await client.join('small', name));
    }
    assert.deepEqual(clients.map((answer) => answer.ok), [true, true, false]);
  });

  test('drains on SIGTERM: tells everyone, is not ready, ends with 0', async (t) => {
    const server = await startServer({ t });
    const client = await connect(server.url);
    await client.join('drain', 'Ada');
    assert.equal((await request(`${server.url}/readyz`)).status, 200);
    const stopped = server.stop();
    assert.match((await client.hear('closing')).reason, /restart/);
    assert.equal((await request(`${server.url}/readyz`)).status, 503);
    assert.equal((await request(`${server.url}/healthz`)).status, 200);
    assert.equal((await (await connect(server.url)).join('drain', 'Bob')).error.code, 'closing');
    assert.equal(await within(15_000, 'the close', client.closed), 1001);
    assert.equal(await stopped, 0);
  });

  test('ends with 0 on SIGINT with nobody there', async (t) => {
    const server = await startServer({ t });
    assert.equal(await server.stop('SIGINT'), 0);
  });

  test('keeps places and secrets across kill -9', async (t) => {
    const server = await startServer({ t });
    const [ada, bob] = [await connect(server.url), await connect(server.url)];
    const first = await ada.join('restart', 'Ada');
    const second = await bob.join('restart', 'Bob');
    const key = path.join(server.dataFolder, 'secret.key');
    assert.equal((await stat(key)).mode & 0o777, 0o600);
    await server.restart({ signal: 'SIGKILL' });
    await within(15_000, 'the break', ada.closed);

    const again = await connect(server.url);
    const welcome = await again.join('restart', 'Ada', { resume: first.resume });
    assert.equal(welcome.sid, first.sid);
    assert.equal(welcome.resumed, false);
    const back = await connect(server.url);
    t.after(() => Promise.all([again.close(), back.close()]));
    const return_ = await back.join('restart', 'Bob', { resume: second.resume });
    assert.equal(return_.sid, second.sid);
    assert.deepEqual(return_.participants.map(({ sid }) => sid), [first.sid]);
    assert.equal((await again.hear('joined')).participant.sid, second.sid);
  });
});

describe('HTTPS', () => {
  const httpsPort = (server) => until('the link of HTTPS', () => {
    const line = server.log.map((text) => /https:\/\/localhost:(\d+)/.exec(text)).find(Boolean);
    return line && Number(line[1]);
  });
  const certificate = (port) => new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate());
      socket.end();
    });
    socket.once('error', reject);
  });

  test('shows a certificate made at the first run, kept, and renewed by SIGHUP when gone',
    async (t) => {
      const server = await startServer({ t });
      const port = await httpsPort(server);
      const first = await certificate(port);
      assert.ok(first.checkHost('localhost'));
      assert.ok(first.checkIP('127.0.0.1'));
      const files = path.join(server.dataFolder, 'tls');
      assert.equal((await stat(path.join(files, 'key.pem'))).mode & 0o777, 0o600);
      assert.equal(first.toString(), await readFile(path.join(files, 'cert.pem'), 'utf8'));

      process.kill(server.pid, 'SIGHUP');
      await until('the reload', () => server.log.some((line) => /loaded the cert/.test(line)));
      assert.equal((await certificate(port)).fingerprint256, first.fingerprint256);

      await rm(path.join(files, 'cert.pem'));
      process.kill(server.pid, 'SIGHUP');
      await until('another certificate',
        async () => (await certificate(port)).fingerprint256 !== first.fingerprint256);
    });
});

describe('pages', () => {
  let server;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  test('the app is served at / and /room/NAME, with what keeps it safe', async () => {
    const home = await request(`${server.url}/`);
    const room = await request(`${server.url}/room/x?name=Ada&join=1`);
    assert.equal(home.status, 200);
    assert.deepEqual(room.body, home.body);
    assert.match(home.headers['content-type'], /^text\/html/);
    assert.match(home.headers['content-security-policy'], /script-src 'self';/);
    assert.match(home.headers['content-security-policy'], /frame-ancestors 'none'/);
    assert.doesNotMatch(home.headers['content-security-policy'], /unsafe/);
    assert.equal(home.headers['x-content-type-options'], 'nosniff');
    assert.match(home.headers['permissions-policy'], /camera=\(self\)/);
  });

  test('a page that is there already is not sent again', async () => {
    const { headers } = await request(`${server.url}/`);
    const again = await request(`${server.url}/`, { 'if-none-match': headers.etag });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
  });

  test('what a page loads is compressed and cached for ever', async (t) => {
    const home = (await request(`${server.url}/`)).body.toString();
    const script = /<script[^>]+src="([^"]+)"/.exec(home)?.[1];
    if (!script) return t.skip('built without the web app');
    const plain = await request(server.url + script);
    const brotli = await request(server.url + script, { 'accept-encoding': 'gzip, br' });
    assert.equal(brotli.headers['content-encoding'], 'br');
    assert.match(brotli.headers['cache-control'], /immutable/);
    assert.match(brotli.headers.vary, /accept-encoding/i);
    assert.ok(brotli.body.length < plain.body.length / 2);
    assert.deepEqual(await promisify(zlib.brotliDecompress)(brotli.body), plain.body);
    const gzip = await request(server.url + script, { 'accept-encoding': 'gzip' });
    assert.equal(gzip.headers['content-encoding'], 'gzip');
    return undefined;
  });

  test('errors of the API are problems (RFC 9457)', async () => {
    const bad = await request(`${server.url}/api/rooms/a%20b`);
    assert.equal(bad.status, 400);
    assert.equal(bad.headers['content-type'], 'application/problem+json');
    assert.equal(JSON.parse(bad.body).field, 'name');
    for (const [target, method, status] of [
      ['/nowhere', 'GET', 404], ['/api/rooms/x', 'DELETE', 401], ['/api/rooms/x', 'PUT', 405], ['/healthz', 'POST', 405],
    ]) {
      const response = await request(server.url + target, {}, method);
      assert.equal(response.status, status, target);
      assert.equal(response.headers['content-type'], 'application/problem+json', target);
    }
    assert.equal((await request(`${server.url}/api/rooms/${'x'.repeat(65)}`)).status, 400);
  });

  test('a room where nobody is, is empty, and never cached', async () => {
    const response = await request(`${server.url}/api/rooms/Empty`);
    assert.deepEqual(JSON.parse(response.body),
      {
        name: 'empty', topology: 'p2p', participants: [],
        locked: false, waitingRoom: false, membersOnly: false, lecture: false, kept: false, you: null,
      });
    assert.equal(response.headers['cache-control'], 'no-store');
  });
});

describe('who may connect', () => {
  const polling = '/socket.io/?EIO=4&transport=polling';
  const websocket = '/socket.io/?EIO=4&transport=websocket';

  test('pages of our own origin and no other', async (t) => {
    const server = await startServer({ t });
    const own = { origin: server.url };
    const evil = { origin: 'https://evil.example' };
    for (const target of ['/ws', websocket]) {
      assert.equal(await handshake(server.url + target, own), 101, target);
      assert.equal(await handshake(server.url + target, {}), 101, target);
      assert.equal(await handshake(server.url + target, evil), 403, target);
    }
    assert.equal((await request(server.url + polling, own)).status, 200);
    assert.equal((await request(server.url + polling, evil)).status, 403);
  });

  test('pages of the origins that the operator names', async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'parley-config-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'parley.toml');
    await writeFile(file, '[http]\nallowed_origins = ["https://friend.example"]\n');
    const server = await startServer({ t, args: ['--config', file] });
    const friend = { origin: 'https://friend.example' };
    assert.equal(await handshake(`${server.url}/ws`, friend), 101);
    const response = await request(server.url + polling, friend);
    assert.equal(response.status, 200);
    assert.equal(response.headers['access-control-allow-origin'], 'https://friend.example');
  });

  // What a proxy says of its client counts when the operator trusts the proxy.
  const forwarded = {
    origin: 'https://meet.example', 'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'https', 'x-forwarded-host': 'meet.example',
  };

  test('X-Forwarded-* of strangers is not believed', async (t) => {
    const server = await startServer({ t });
    assert.equal(await handshake(`${server.url}/ws`, forwarded), 403);
  });

  test('X-Forwarded-* of a trusted proxy is, for origins and for STUN', async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'parley-config-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'parley.toml');
    await writeFile(file, '[http]\ntrusted_proxies = ["127.0.0.0/8"]\n');
    const server = await startServer({ t, args: ['--config', file] });
    assert.equal(await handshake(`${server.url}/ws`, forwarded), 101);
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers: forwarded });
    t.after(() => socket.close());
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('["join",{"room":"r","name":"n","micinf":true,"vidinf":true},1]');
    const [data] = await new Promise((resolve) => socket.once('message', (...args) => resolve(args)));
    assert.match(JSON.parse(data)[2].iceServers[0].urls[0], /^stun:meet\.example:\d+$/);
  });
});

describe('test hooks', () => {
  test('are there only when asked for, with a warning', async (t) => {
    const plain = await startServer({ t });
    assert.equal(await handshake(`${plain.url}/echo`, {}), 404);
    assert.equal((await request(`${plain.url}/engine.io/?EIO=4&transport=polling`)).status, 404);
    const hooked = await startServer({ t, args: ['--test-hooks'] });
    assert.ok(hooked.log.some((line) => /warning .*--test-hooks/.test(line)));
    assert.equal(await handshake(`${hooked.url}/engine.io/?EIO=4&transport=websocket`, {}), 101);
  });

  test('/echo sends back text and binary, compressed and in pieces', async (t) => {
    const server = await startServer({ t, args: ['--test-hooks'] });
    for (const perMessageDeflate of [false, { serverMaxWindowBits: 9, clientNoContextTakeover: true }]) {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/echo`, { perMessageDeflate });
      t.after(() => socket.terminate());
      await new Promise((resolve) => socket.once('open', resolve));
      const echo = (data, options) => new Promise((resolve) => {
        socket.once('message', (message, isBinary) => resolve([message, isBinary]));
        socket.send(data, options);
      });
      assert.deepEqual(await echo('h\u00e9'), [Buffer.from('h\u00e9'), false]);
      const big = Buffer.alloc(16 << 20, 'x');
      const [message, isBinary] = await echo(big);
      assert.ok(isBinary && message.equals(big));
      for (let i = 0; i < 9_999; ++i) socket.send('a', { fin: false });
      assert.equal((await echo('b', { fin: true }))[0].length, 10_000);
    }
  });
});
