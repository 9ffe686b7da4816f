// The relay of `parley serve`, by coturn's clients, and by a client of the tests' own where the exact answer counts.
// All of it on loopback: the relay listens there, so its relayed addresses are there as well.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';

import { binary, startServer } from '../e2e/lib/server.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { assertNothingLost, coturn, run, uclient } from './lib/coturn.mjs';
import { connect } from './lib/signalling.mjs';
import { TurnClient, passwordOf, timeLimitedLogin } from './lib/turn_client.mjs';

const kHome = [127, 0, 0, 1];
const kOther = [127, 0, 0, 2]; // Loopback, and no address of the relay.
const ada = ['-u', 'ada', '-w', 'secret'];
const hasIpv6 = Object.values(networkInterfaces()).flat().some(({ address }) => address === '::1');

// What a client is told of the relay when it joins.
async function iceServers(server) {
  const client = await connect(server.url);
  try {
    return (await client.ask('join', { room: 'turn', name: 'A', micinf: false, vidinf: false })).iceServers;
  } finally {
    await client.close();
  }
}

// What `parley turn-key NAME` prints of a password.
function turnKey(name, password, ...args) {
  return execFileSync(binary, ['turn-key', name, ...args], { input: `${password}\n`, encoding: 'utf8' }).trimEnd();
}

// The ports that were taken, out of the URLs that clients are told.
async function portsOf(server) {
  const urls = (await iceServers(server)).flatMap((each) => each.urls);
  const port = (pattern) => Number(pattern.exec(urls.join(' '))?.[1]);
  return { plain: port(/turn:\S+:(\d+)\?transport=udp/), tls: port(/turns:\S+:(\d+)\?/) };
}

async function startWith(config, args = []) {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-turn-'));
  const file = path.join(folder, 'parley.toml');
  await writeFile(file, config);
  const server = await startServer({ args: ['--config', file, ...args] });
  return { server, file, stop: () => server.close().then(() => rm(folder, { recursive: true })) };
}

// The sum of all samples of a metric.
async function metric(server, name) {
  const page = await (await fetch(`${server.url}/metrics`)).text();
  const samples = [...page.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
  assert.notEqual(samples.length, 0, `no ${name} in ${page}`);
  return samples.reduce((sum, [, value]) => sum + Number(value), 0);
}

describe("coturn's client through the relay", () => {
  let server, port;
  before(async () => {
    server = await startServer({ args: ['--turn-user', 'ada:secret', '--workers', '2'] });
    port = await portsOf(server);
  });
  after(() => server.close());

  // -y: the clients talk to each other, by twos. Each has an address for RTP and one for RTCP.
  const talk = (...args) => uclient('-y', ...ada, '-n', 20, ...args, '127.0.0.1');

  // Each sleeps for most of its time.
  describe('in every way', { concurrency: true }, () => {
    test('UDP, channels', async () => assertNothingLost(await talk('-p', port.plain, '-m', 4), 80));
    test('UDP, indications', async () => assertNothingLost(await talk('-p', port.plain, '-m', 4, '-s'), 80));
    test('UDP, packets of 1,200 bytes', async () =>
      assertNothingLost(await talk('-p', port.plain, '-m', 4, '-l', 1200), 80));
    test('UDP, padded channel data', async () => assertNothingLost(await talk('-p', port.plain, '-m', 2, '-D'), 80));
    test('UDP, DONT-FRAGMENT', async () => assertNothingLost(await talk('-p', port.plain, '-m', 2, '-g'), 80));
    test('TCP, channels', async () => assertNothingLost(await talk('-t', '-p', port.plain, '-m', 4), 80));
    test('TCP, indications', async () => assertNothingLost(await talk('-t', '-p', port.plain, '-m', 4, '-s'), 80));
    test('TLS, channels', async () => assertNothingLost(await talk('-t', '-S', '-p', port.tls, '-m', 4), 80));
    test('TLS, indications', async () => assertNothingLost(await talk('-t', '-S', '-p', port.tls, '-m', 4, '-s'), 80));
    test('more requests than are needed', async () =>
      assertNothingLost(await talk('-p', port.plain, '-m', 2, '-G'), 80));
    test('TCP to the peer (RFC 6062)', async () => assertNothingLost(await talk('-T', '-p', port.plain, '-m', 2), 40));
    test('TCP to the peer, over TLS', async () =>
      assertNothingLost(await talk('-T', '-S', '-p', port.tls, '-m', 2), 40));
  });

  test('two hundred clients at once', async () =>
    assertNothingLost(await talk('-p', port.plain, '-m', 200), 4000));

  test('a wrong password is refused', async () => {
    const { code, output } = await uclient('-y', '-u', 'ada', '-w', 'wrong', '-p', port.plain, '127.0.0.1');
    assert.notEqual(code, 0);
    assert.match(output, /Cannot complete Allocation/);
  });

  test('the page is given a login that works', async () => {
    const [stun, turn] = await iceServers(server);
    assert.deepEqual(stun.urls, [`stun:127.0.0.1:${port.plain}`]);
    assert.equal(turn.urls.length, 3);
    assertNothingLost(await uclient('-y', '-u', turn.username, '-w', turn.credential, '-n', 20, '-m', 2,
      '-p', port.plain, '127.0.0.1'), 80);
  });

  test('and that has no TCP to peers', async () => {
    const [, turn] = await iceServers(server);
    const { code } = await uclient('-T', '-y', '-u', turn.username, '-w', turn.credential, '-n', 1, '-m', 2,
      '-p', port.plain, '127.0.0.1');
    assert.notEqual(code, 0);
    const page = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(page, /^parley_turn_errors_total\{code="442"\} [1-9]/m);
  });

  test('is counted', async () => {
    for (const name of ['allocations_made', 'packets', 'bytes', 'errors', 'joined_bytes', 'tls_connections']) {
      assert.ok(await metric(server, `parley_turn_${name}_total`) > 0, name);
    }
  });

  // All of RFC 5780 that a server with one address can help with: do two clients behind one NAT reach each other?
  test('turnutils_natdiscovery: hairpinning', async () => {
    const { code, output } = await coturn('natdiscovery', '-H', '-L', '127.0.0.1', '-p', port.plain, '127.0.0.1');
    assert.equal(code, 0, output);
    assert.match(output, /UDP reflexive addr: 127\.0\.0\.1:\d+/);
    assert.match(output, /successful hairpinning/);
  });

  test('turnutils_stunclient', async () => {
    const { output } = await coturn('stunclient', '-p', port.plain, '127.0.0.1');
    assert.match(output, /UDP reflexive addr: 127\.0\.0\.1:\d+/);
  });
});

// Linux has all of 127.0.0.0/8, and of IPv6 but one loopback address.
describe('discovery of a NAT, by two addresses', () => {
  let server, port;
  before(async () => {
    const args = ['--stun', '127.0.0.1:0', '--stun-alternate', '127.0.0.2:0', '--turn-user', 'ada:secret', '--workers', '2'];
    server = await startServer({ args });
    port = (await portsOf(server)).plain;
  });
  after(() => server.close());

  const discover = async (...args) => {
    const { code, output } = await coturn('natdiscovery', ...args, '-L', '127.0.0.1', '-p', port, '127.0.0.1');
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /timeout|error|ALG detected/i, output);
    return output;
  };

  for (const [name, extra] of [['', []], [', by fragments', ['-P']]]) {
    test(`turnutils_natdiscovery${name}`, async () => {
      const output = await discover('-m', '-f', '-H', ...extra);
      assert.match(output, /successful hairpinning/);
      assert.match(output, /No NAT! \(Endpoint Independent Mapping\)/);
      assert.match(output, /NAT with Endpoint Independent Mapping!/);
      assert.match(output, /NAT with Endpoint Independent Filtering!/);
      assert.match(output, new RegExp(`Response origin: : 127\\.0\\.0\\.2:${port}$`, 'm')); // A2:P1.
      const [, other] = /Other addr: : 127\.0\.0\.2:(\d+)$/m.exec(output);
      assert.notEqual(Number(other), port);
      assert.match(output, new RegExp(`Response origin: : 127\\.0\\.0\\.2:${other}$`, 'm')); // A2:P2.
    });
  }

  test('turnutils_natdiscovery: how long a mapping lives', async () => {
    const output = await discover('-t', '-T', 1);
    assert.match(output, /Mapping Lifetime Behavior Discovery/);
  });

  test('is counted', async () => {
    assert.ok(await metric(server, 'parley_stun_discovery_answers_total') > 0);
  });

  test('and the relay is where it was', async () => {
    assertNothingLost(await uclient('-y', ...ada, '-n', 20, '-m', 2, '-p', port, '127.0.0.1'), 80);
  });

  test('wants two addresses', async () => {
    const { code, output } = await run(binary, 'serve', '--stun', '0.0.0.0:3478', '--stun-alternate', '127.0.0.2');
    assert.equal(code, 1);
    assert.equal(output, 'stun.alternate needs stun.listen to be one address, such as 192.0.2.1:3478, not 0.0.0.0:3478.\n');
  });
});

describe("coturn's client over IPv6", { skip: !hasIpv6 && 'no IPv6 here', concurrency: true }, () => {
  let server, port;
  before(async () => {
    const args = ['--turn-user', 'ada:secret', '--stun', '[::1]:0', '--turn-tls', '[::1]:0'];
    server = await startServer({ args });
    port = await portsOf(server);
  });
  after(() => server.close());

  // Without RTCP, for which it would ask for an IPv4 address.
  const talk = (...args) => uclient('-y', '-x', '-c', ...ada, '-n', 20, '-m', 2, ...args, '::1');

  test('UDP', async () => assertNothingLost(await talk('-p', port.plain), 40));
  test('TCP', async () => assertNothingLost(await talk('-t', '-p', port.plain), 40));
  test('TLS', async () => assertNothingLost(await talk('-t', '-S', '-p', port.tls), 40));
  test('indications', async () => assertNothingLost(await talk('-s', '-p', port.plain), 40));
});

describe('whom it relays to', () => {
  const login = { username: 'ada', credential: 'secret' };

  async function allocated(t, args) {
    const server = await startServer({ t, args: ['--turn-user', 'ada:secret', ...args] });
    const client = new TurnClient((await portsOf(server)).plain, login);
    t.after(() => client.close());
    assert.equal(await client.allocate(), 0);
    return { server, client };
  }

  test('not loopback, also where IPv6 carries it', async (t) => {
    const { client } = await allocated(t, []);
    assert.equal(await client.permit(kOther), 403);
    assert.equal(await client.permit([...Array(10).fill(0), 0xff, 0xff, ...kOther]), 403);
    assert.equal(await client.permit([10, 0, 0, 1]), 403);
    assert.equal(await client.permit([169, 254, 169, 254]), 403);
    assert.equal(await client.bind(0x4000, kOther, 50_000), 403);
    assert.equal(await client.permit([8, 8, 8, 8]), 0);
  });

  test('not the other ports of this host', async (t) => {
    const { server, client } = await allocated(t, []);
    assert.equal(await client.bind(0x4000, kHome, server.port), 403);
    assert.equal(await client.bind(0x4000, kHome, client.relayedPort), 0);
  });

  test('loopback with --test-hooks, and what the operator allows', async (t) => {
    const hooked = await allocated(t, ['--test-hooks']);
    assert.equal(await hooked.client.permit(kOther), 0);
    const { client } = await allocated(t, ['--turn-allow-peer', '127.0.0.2/32', '--turn-deny-peer', '8.8.8.0/24']);
    assert.equal(await client.permit(kOther), 0);
    assert.equal(await client.permit([127, 0, 0, 3]), 403);
    assert.equal(await client.permit([8, 8, 8, 8]), 403);
  });

  test("coturn's client hears it, too", async (t) => {
    const server = await startServer({ t, args: ['--turn-user', 'ada:secret'] });
    const { plain } = await portsOf(server);
    const { output } = await uclient(...ada, '-n', 1, '-e', '127.0.0.2', '-p', plain, '127.0.0.1');
    assert.match(output, /403/);
  });
});

describe('logins', () => {
  test('of a secret that other programs know, and limits that hold', async (t) => {
    const { server, stop } = await startWith(
      '[turn]\nrealm = "example.org"\nsecrets = ["north"]\nuser_allocations = 4\n');
    t.after(stop);
    const { plain } = await portsOf(server);
    assertNothingLost(await uclient('-y', '-c', '-W', 'north', '-u', 'ada', '-n', 20, '-m', 1, '-p', plain, '127.0.0.1'),
      40);

    const login = timeLimitedLogin('north', 'bob');
    const clients = [1, 2, 3, 4, 5].map(() => new TurnClient(plain, login));
    t.after(() => Promise.all(clients.map((client) => client.close())));
    for (const client of clients.slice(0, 4)) assert.equal(await client.allocate(), 0);
    assert.equal(await clients[4].allocate(), 486);
    assert.equal(await clients[0].refresh(0), 0);
    assert.equal(await clients[4].allocate(), 0);
  });

  test('users are known by keys, without their passwords', async (t) => {
    const ours = turnKey('ada', 'secret', '--turn-realm', 'example.org');
    assert.match(ours, /^ada:sha256=0x[0-9a-f]{64},md5=0x[0-9a-f]{32}$/);
    const { output } = await run('turnadmin', '-k', '-u', 'bob', '-r', 'example.org', '-p', 'builder');
    const coturns = /^0x[0-9a-f]{32}$/m.exec(output)?.[0];
    assert.ok(turnKey('bob', 'builder', '--turn-realm', 'example.org').endsWith(`,md5=${coturns}`), output);

    const { server, stop } = await startWith(
      `[turn]\nrealm = "example.org"\nusers = ["${ours}", "bob:md5=${coturns}"]\n`);
    t.after(stop);
    const { plain } = await portsOf(server);
    const talk = (user, password) => uclient('-y', '-u', user, '-w', password, '-n', 20, '-p', plain, '-m', 2, '127.0.0.1');
    assertNothingLost(await talk('ada', 'secret'), 80);
    assertNothingLost(await talk('bob', 'builder'), 80);
    assert.notEqual((await talk('ada', 'builder')).code, 0);
    assert.notEqual((await talk('ada', ours.slice('ada:'.length))).code, 0, 'the keys are no password');
  });

  test('a call outlives a secret that is changed', async (t) => {
    const { server, file, stop } = await startWith('[turn]\nsecrets = ["old"]\n');
    t.after(stop);
    const [stun, before] = await iceServers(server);
    const port = Number(stun.urls[0].split(':').at(-1));
    const open = (login) => {
      const client = new TurnClient(port, login);
      t.after(() => client.close());
      return client;
    };
    const ada = open(before);
    const bob = open(timeLimitedLogin('old', 'bob'));
    assert.equal(await ada.allocate(), 0);
    assert.equal(await bob.allocate(), 0);
    assert.equal(await ada.bind(0x4000, kHome, bob.relayedPort), 0);
    assert.equal(await bob.bind(0x4001, kHome, ada.relayedPort), 0);

    await writeFile(file, (await readFile(file, 'utf8')).replace('"old"', '"new"'));
    process.kill(server.pid, 'SIGHUP');
    const after = await until('logins under the new secret', async () => {
      const [, turn] = await iceServers(server);
      return turn.credential === passwordOf('new', turn.username) && turn;
    });

    ada.send(0x4000, 'still there?');
    assert.equal(await bob.receive(), 'still there?');
    assert.equal(await ada.refresh(600), 0);
    assert.equal(await bob.bind(0x4001, kHome, ada.relayedPort), 0);
    assert.equal(await open(before).allocate(), 401);
    assert.equal(await open(after).allocate(), 0);
  });
});
