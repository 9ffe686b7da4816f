// `single_port`: one TCP and one UDP port of the same number, and other people's clients of everything on it.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { io } from 'socket.io-client';
import WebSocket from 'ws';

import { binary, startServer } from '../e2e/lib/server.mjs';
import { until, within } from '../e2e/lib/wait.mjs';
import { assertNothingLost, coturn, run, uclient } from './lib/coturn.mjs';

const ada = ['-u', 'ada', '-w', 'secret'];
const bindingRequest = Buffer.concat([Buffer.from('000100002112a442', 'hex'), Buffer.from('0123456789ab')]);

let server, port, base;
before(async () => {
  server = await startServer({ args: ['--single-port', '--turn-user', 'ada:secret', '--workers', '2'] });
  port = await until('the link of HTTPS', () => {
    const line = server.log.map((text) => /https:\/\/localhost:(\d+)/.exec(text)).find(Boolean);
    return line && Number(line[1]);
  });
  base = `https://127.0.0.1:${port}`;
});
after(() => server.close());

// How often the front door saw that.
async function counted(label) {
  const page = await (await fetch(`${server.url}/metrics`)).text();
  const sample = new RegExp(`^parley_front_door_\\w+\\{\\w+="${label}"\\} (\\d+)$`, 'm').exec(page);
  assert.ok(sample, `no ${label} in ${page}`);
  return Number(sample[1]);
}

async function connect() {
  const socket = net.connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function secure(ALPNProtocols) {
  const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols });
  socket.on('error', () => {});
  await within(30_000, 'TLS', once(socket, 'secureConnect'));
  return socket;
}

// Whether it ends by FIN or, as we have not read what it said, by RST.
const end = (socket) => within(30_000, 'its end', new Promise((resolve) => socket.resume().once('close', resolve)));

const answer = async (socket) => (await within(30_000, 'an answer', once(socket, 'data')))[0];

function assertIsBindingAnswer(message) {
  assert.equal(message.subarray(0, 2).toString('hex'), '0101');
  assert.equal(message.subarray(8, 20).toString(), '0123456789ab');
}

test('parley probe asks it for media as well, by UDP and TCP', async () => {
  const { output } = await run(binary, 'probe', base, '--insecure', '--json', '--seconds', 1);
  const { media, findings } = JSON.parse(output);
  assert.deepEqual(media.map(({ way, server: at, reached }) => `${way} ${at} ${reached}`),
    [`udp 127.0.0.1:${port} true`, `tcp 127.0.0.1:${port} true`], output);
  assert.ok(findings.some(({ sentence }) => sentence.startsWith('Every media port answers')), output);
});

describe('the web', () => {
  test('curl is served by HTTPS', async () => {
    const { code, output } = await run('curl', '-sSk', '--max-time', 30, '-o', '/dev/null', '-w', '%{http_code}', `${base}/healthz`);
    assert.equal(code, 0, output);
    assert.equal(output, '200');
  });

  test('curl is sent from HTTP to HTTPS', async () => {
    const { output } = await run('curl', '-sSkL', '--max-time', 30, '-o', '/dev/null', '-w', '%{http_code} %{url_effective}',
      `http://127.0.0.1:${port}/healthz?a=b`);
    assert.equal(output, `200 ${base}/healthz?a=b`);
  });

  test('a client that offers HTTP/2 alone, or names nothing, speaks HTTP/1.1', async () => {
    for (const offer of [['h2'], []]) {
      const socket = await secure(offer);
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      assert.match((await answer(socket)).toString(), /^HTTP\/1\.1 200 /);
      socket.destroy();
    }
  });

  test('WebSocket', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, { rejectUnauthorized: false });
    await within(30_000, 'the WebSocket', once(socket, 'open'));
    socket.close();
    await within(30_000, 'its end', once(socket, 'close'));
  });

  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    test(`socket.io-client by ${transports.join(', then ')}`, async () => {
      const socket = io(base, { forceNew: true, transports, rejectUnauthorized: false });
      try {
        await within(30_000, 'Socket.IO', once(socket, 'connect'));
        const joined = await socket.timeout(30_000).emitWithAck('join', { room: 'one-port', name: 'A', micinf: false, vidinf: false });
        const urls = joined.iceServers.flatMap((each) => each.urls);
        assert.deepEqual(urls, [
          `stun:127.0.0.1:${port}`,
          `turn:127.0.0.1:${port}?transport=udp`,
          `turn:127.0.0.1:${port}?transport=tcp`,
          `turns:127.0.0.1:${port}?transport=tcp`,
        ]);
      } finally {
        socket.disconnect();
      }
    });
  }
});

describe('the relay', () => {
  const talk = (...args) => uclient('-y', '-c', ...ada, '-n', 20, '-m', 2, '-p', port, ...args, '127.0.0.1');

  // Each sleeps for most of its time.
  describe('in every way', { concurrency: true }, () => {
    test('by UDP on the same number', async () => assertNothingLost(await talk(), 40));
    test('by TCP', async () => assertNothingLost(await talk('-t'), 40));
    test('by TCP, indications', async () => assertNothingLost(await talk('-t', '-s'), 40));
    test('by TLS', async () => assertNothingLost(await talk('-t', '-S'), 40));
    test('by TLS, indications', async () => assertNothingLost(await talk('-t', '-S', '-s'), 40));
    test('TCP to the peer, by TCP', async () => assertNothingLost(await talk('-T'), 40));
    test('TCP to the peer, by TLS', async () => assertNothingLost(await talk('-T', '-S'), 40));
  });

  test('turnutils_stunclient', async () => {
    const { output } = await coturn('stunclient', '-p', port, '127.0.0.1');
    assert.match(output, /UDP reflexive addr: 127\.0\.0\.1:\d+/);
  });

  for (const protocol of ['stun.turn', 'stun.nat-discovery', 'http/1.1']) {
    test(`openssl s_client -alpn ${protocol}`, async () => {
      const { output } = await run('openssl', 's_client', '-connect', `127.0.0.1:${port}`, '-alpn', protocol);
      assert.match(output, new RegExp(`ALPN protocol: ${protocol}`));
    });
  }

  test('STUN that comes byte by byte, with TLS and without', async () => {
    for (const socket of [await connect(), await secure(['stun.turn']), await secure([])]) {
      socket.setNoDelay(true);
      for (const byte of bindingRequest) {
        socket.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      assertIsBindingAnswer(await answer(socket));
      socket.destroy();
    }
  });
});

test('ICE over TCP is led to media, where a plain request is answered', async () => {
  const before = await counted('ice-tcp');
  const socket = await connect();
  socket.write(Buffer.concat([Buffer.from([0, bindingRequest.length]), bindingRequest]));
  const framed = await answer(socket);
  assert.equal(framed.readUInt16BE(0), framed.length - 2);
  assertIsBindingAnswer(framed.subarray(2));
  socket.destroy();
  assert.equal(await counted('ice-tcp'), before + 1);
});

test('what nobody knows is closed', async () => {
  const before = await counted('unknown');
  const socket = await connect();
  socket.write(Buffer.from([0x80, 1, 2, 3]));
  await end(socket);
  assert.equal(await counted('unknown'), before + 1);
});

test('who says nothing is closed, and others are served meanwhile', async () => {
  const silent = await Promise.all(Array.from({ length: 50 }, connect));
  const ended = Promise.all(silent.map(end));
  assert.equal((await run('curl', '-sk', '--max-time', 30, '-o', '/dev/null', '-w', '%{http_code}', `${base}/healthz`)).output, '200');
  await ended;
  assert.ok((await counted('silent')) >= 50);
});

test('all is counted by kind', async () => {
  for (const kind of ['https', 'http', 'turn-tls', 'turn-tcp']) assert.ok((await counted(kind)) > 0, kind);
});
