// `parley probe` against the real server: what it says, and its exit status.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';

import { binary, startServer } from '../e2e/lib/server.mjs';
import { until, within } from '../e2e/lib/wait.mjs';

async function run(...args) {
  const child = spawn(binary, ['probe', ...args]);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  const ended = new Promise((resolve) => child.once('close', resolve));
  output.code = await within(90_000, 'parley probe to end', ended);
  return output;
}

async function probe(...args) {
  const { code, stdout } = await run('--json', '--seconds', '1', ...args);
  return { code, ...JSON.parse(stdout) };
}

const sentences = (report) => report.findings.map(({ sentence }) => sentence).join('\n');
const remedies = (report) => report.findings.flatMap((finding) => finding.remedies);

// Before a server: hands everything on, but changes what it says of itself.
async function front(t, server, change) {
  const proxy = http.createServer(async (request, response) => {
    const answer = await fetch(new URL(request.url, server.url));
    const body = await answer.text();
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(request.url === '/api/doctor' ? JSON.stringify(change(JSON.parse(body))) : body);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close());
  return `http://127.0.0.1:${proxy.address().port}`;
}

// A UDP port behind a firewall: what comes is never answered.
async function blockedPort(t) {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  return socket.address().port;
}

async function closedPort() {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

describe('a server on this computer', () => {
  let server;
  before(async () => (server = await startServer({ args: ['--test-hooks'] })));
  after(() => server.close());

  test('is reached, by name and by address', async () => {
    const report = await probe(server.url);
    assert.equal(report.code, 0, JSON.stringify(report));
    assert.equal(report.status, 'works');
    assert.deepEqual(report.web.addresses, ['127.0.0.1']);
    assert.equal(report.web.signalling, 'websocket');
    assert.ok(report.doctor);
    const udp = report.paths.find(({ way }) => way === 'udp');
    assert.ok(udp.reached && udp.roundTrip > 0, JSON.stringify(udp));
    assert.equal(udp.mapped.split(':')[0], '127.0.0.1');
    assert.ok(report.candidates.includes('host'));
    assert.match(sentences(report), /UDP gets through/);
    const ways = new Set(report.media.map(({ way, reached, server: port }) => `${way} ${reached} ${port.split(':')[0]}`));
    assert.deepEqual(ways, new Set(['udp true 127.0.0.1', 'tcp true 127.0.0.1']));
    assert.match(sentences(report), /Every media port answers, by UDP and by TCP/);
  });

  test('is told as a table, too', async () => {
    const { code, stdout, stderr } = await run(server.url, '--seconds', '1');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^ {2}WebSockets {3}work$/m);
    assert.match(stdout, /^Calls connect from here\.$/m);
    assert.equal(stderr, '', 'Progress is for terminals.');
  });

  test('has a certificate that nobody vouches for', async () => {
    const port = await until('the HTTPS port in the log', async () =>
      /https:\/\/\S+?:(\d+)/.exec(server.log.join('\n'))?.[1]);
    const url = `https://127.0.0.1:${port}`;
    const distrusted = await probe(url);
    assert.equal(distrusted.code, 1);
    assert.match(sentences(distrusted), /certificate is not valid for 127\.0\.0\.1: it is self-signed/);
    assert.ok(distrusted.web.certificate.daysLeft > 0);
    assert.equal((await probe(url, '--insecure')).code, 0);
    const trusted = await probe(url.replace('127.0.0.1', 'localhost'), '--ca', path.join(server.dataFolder, 'tls/cert.pem'));
    assert.equal(trusted.web.certificate.problem, '', JSON.stringify(trusted));
  });

  test('is told from a network that blocks UDP', async (t) => {
    const port = await blockedPort(t);
    const url = await front(t, server, (doctor) => JSON.parse(
      JSON.stringify(doctor).replace(/((?:stun:|turn:)[\d.]+:)\d+(?=["]|\?transport=udp)/g, `$1${port}`)));
    const report = await probe(url);
    assert.notEqual(report.code, 0);
    const udp = report.paths.find(({ way }) => way === 'udp');
    assert.equal(udp.reached, false);
    assert.ok(remedies(report).includes(`ufw allow ${port}/udp`), JSON.stringify(report.findings));
    assert.ok(remedies(report).some((line) => line.startsWith('In the firewall of this network: let UDP')));
  });

  test('is told from one whose media ports are shut', async (t) => {
    const [udp, tcp] = [await blockedPort(t), await closedPort()];
    const report = await probe(await front(t, server, (doctor) => ({ ...doctor, ports: { ...doctor.ports, media: [udp, tcp] } })));
    assert.equal(report.code, 2, JSON.stringify(report));
    assert.ok(report.media.length === 4 && report.media.every(({ reached }) => !reached), JSON.stringify(report.media));
    assert.ok(remedies(report).includes(`ufw allow ${tcp}/tcp`), JSON.stringify(report.findings));
    assert.match(sentences(report), /No media port of 127\.0\.0\.1 answers by UDP/);
  });

  test('is told from one that stops WebSockets', async (t) => {
    const report = await probe(await front(t, server, (doctor) => doctor));
    assert.equal(report.code, 2, JSON.stringify(report));
    assert.equal(report.web.signalling, 'polling');
  });
});

test('a server that is down, and a name that is none', async () => {
  const port = await closedPort();
  const down = await probe(`http://127.0.0.1:${port}`);
  assert.equal(down.code, 1);
  assert.equal(down.status, 'broken');
  assert.equal(down.web.reached, false);
  assert.ok(remedies(down).includes(`ufw allow ${port}/tcp`));
  const nowhere = await probe('https://nowhere.invalid');
  assert.equal(nowhere.code, 1);
  assert.match(sentences(nowhere), /stands for no address/);
});

test('what is no address is refused in a sentence', async () => {
  const { code, stderr } = await run('ftp://example.org');
  assert.equal(code, 1);
  assert.equal(stderr, 'parley: ftp://example.org is not the address of a web page.\n');
});
