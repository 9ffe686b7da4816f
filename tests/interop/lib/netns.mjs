// A small internet of network namespaces, with real NATs and firewalls in it: iproute2 and nftables, as root.
//
//   server -- 45.10.10.0/24 -- [wan] -- 45.10.N.0/24 -- [natN] -- 192.168.N.0/24 -- lanN
//
// Names are this run's own, so runs side by side do not meet; they are gone when the test has ended, or the process has.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const serverAddress = '45.10.10.10';
export const secondServerAddress = '45.10.10.11';
export const serverAddress6 = '2a00:10:10::10';

const made = new Set(); // Namespaces that have to go.
process.on('exit', () => made.forEach(drop));

function sh(file, ...args) {
  return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

// Also ends what still runs in it.
function drop(name) {
  const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' });
  for (const pid of (stdout ?? '').split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
  spawnSync('ip', ['netns', 'del', name]);
  made.delete(name);
}

// Why these tests cannot run here; nothing where they can.
export function whyNoNetns() {
  if (process.getuid?.() !== 0) return 'Network namespaces need root.';
  const name = `parley-try-${randomBytes(3).toString('hex')}`;
  try {
    sh('ip', 'netns', 'add', name);
    sh('ip', '-n', name, 'link', 'add', 'try', 'type', 'veth', 'peer', 'name', 'yrt');
    nft(name, rules([]));
    return undefined;
  } catch (error) {
    return `Namespaces, veth or nftables do not work here: ${error.stderr || error.message}`;
  } finally {
    drop(name);
  }
}

// Why the way to a network cannot be made narrow here; nothing where it can.
export function whyNoNarrowWay() {
  const why = whyNoNetns();
  if (why) return why;
  const name = `parley-try-${randomBytes(3).toString('hex')}`;
  try {
    sh('ip', 'netns', 'add', name);
    sh('ip', 'netns', 'exec', name, 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', ...bucket(1000, 100));
    return undefined;
  } catch (error) {
    return `tc has no token bucket here: ${error.stderr || error.message}`;
  } finally {
    drop(name);
  }
}

// A bottleneck: what would wait longer than `queue` milliseconds is dropped.
function bucket(kbps, queue) {
  return ['tbf', 'rate', `${kbps}kbit`, 'burst', '3kb', 'latency', `${queue}ms`];
}

function nft(name, text) {
  execFileSync('ip', ['netns', 'exec', name, 'nft', '-f', '-'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
}

// A symmetric NAT, where each flow gets a port at random; or else a port-restricted cone, which keeps the port of a socket.
// In comes only what belongs to a flow; out goes what `blocked`, lines of nftables, lets through.
function rules(blocked, symmetric = true) {
  return `
flush ruleset
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat
    oifname "wan" masquerade ${symmetric ? 'fully-random' : ''}
  }
}
table ip filter {
  chain forward {
    type filter hook forward priority filter
    policy drop
    ct state established,related accept
    ${blocked.map((line) => `iifname "lan" ${line}`).join('\n    ')}
    iifname "lan" accept
  }
}
`;
}

export const firewalls = {
  open: [],
  noUdp: ['meta l4proto udp drop'],
  onlyTls: ['tcp dport { 443, 5349 } accept', 'drop'],
  only443: ['tcp dport 443 accept', 'drop'],
};

export class Internet {
  #id = randomBytes(3).toString('hex');
  #files = null; // Of a place's own, to be removed.

  // With networks 1 and 2 behind NATs, and the server.
  constructor(t) {
    t.after(() => this.close());
    this.#add('wan');
    this.#forward('wan');
    this.#connect('server', 'eth0', `${serverAddress}/24`, 'wan', 'server', '45.10.10.1/24');
    this.#route('server', '45.10.10.1');
    for (const n of [1, 2]) {
      this.#connect(`nat${n}`, 'wan', `45.10.${n}.2/24`, 'wan', `nat${n}`, `45.10.${n}.1/24`);
      this.#route(`nat${n}`, `45.10.${n}.1`);
      this.#forward(`nat${n}`);
      this.#connect(`lan${n}`, 'eth0', `192.168.${n}.2/24`, `nat${n}`, 'lan', `192.168.${n}.1/24`);
      this.#route(`lan${n}`, `192.168.${n}.1`);
      this.firewall(n, firewalls.open);
    }
  }

  // The server has another address as well, from now on.
  addSecondServerAddress() {
    sh('ip', '-n', this.name('server'), 'addr', 'add', `${secondServerAddress}/24`, 'dev', 'eth0');
  }

  // IPv6 as well from now on, from network 1 to the server, and nothing translates it; `name` stands there for both addresses.
  async addIpv6(name) {
    const links = [
      ['server', 'eth0', `${serverAddress6}/64`, 'wan', 'server', '2a00:10:10::1/64'],
      ['nat1', 'wan', '2a00:10:1::2/64', 'wan', 'nat1', '2a00:10:1::1/64'],
      ['lan1', 'eth0', '2a00:10:f1::2/64', 'nat1', 'lan', '2a00:10:f1::1/64'],
    ];
    for (const [place, device, address, other, otherDevice, otherAddress] of links) {
      sh('ip', '-n', this.name(place), 'addr', 'add', address, 'dev', device, 'nodad');
      sh('ip', '-n', this.name(other), 'addr', 'add', otherAddress, 'dev', otherDevice, 'nodad');
    }
    for (const place of ['wan', 'nat1']) sh(...this.at(place), 'sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1');
    for (const [place, ...route] of [
      ['server', 'default', 'via', '2a00:10:10::1'], ['nat1', 'default', 'via', '2a00:10:1::1'],
      ['lan1', 'default', 'via', '2a00:10:f1::1'], ['wan', '2a00:10:f1::/64', 'via', '2a00:10:1::2'],
    ]) sh('ip', '-n', this.name(place), '-6', 'route', 'add', ...route);
    // `ip netns exec` puts these files in the place of those in /etc.
    this.#files = path.join('/etc/netns', this.name('lan1'));
    await mkdir(this.#files, { recursive: true });
    await writeFile(path.join(this.#files, 'hosts'), `${serverAddress} ${name}\n${serverAddress6} ${name}\n`);
  }

  // Network `n` is behind a NAT that keeps the port of a socket, from now on.
  makeCone(n) {
    nft(this.name(`nat${n}`), rules(firewalls.open, false));
  }

  // What network `n` lets out, from now on.
  firewall(n, blocked) {
    nft(this.name(`nat${n}`), rules(blocked));
  }

  // The way to network `n` carries so much from now on, with a queue of so many milliseconds before it.
  narrow(n, { kbps, queue }) {
    sh(...this.at('wan'), 'tc', 'qdisc', 'replace', 'dev', `nat${n}`, 'root', ...bucket(kbps, queue));
  }

  // Of the datagrams on the way to network `n`, so many of a hundred are lost from now on.
  lossy(n, percent) {
    const table = `loss${n}`;
    const some = percent < 100 ? `numgen random mod 100 < ${percent}` : '';
    nft(this.name('wan'), `
table ip ${table} {}
delete table ip ${table}
table ip ${table} {
  chain forward {
    type filter hook forward priority filter
    ${percent > 0 ? `oifname "nat${n}" meta l4proto udp ${some} drop` : ''}
  }
}
`);
  }

  // It carries whatever comes.
  widen(n) {
    sh(...this.at('wan'), 'tc', 'qdisc', 'del', 'dev', `nat${n}`, 'root');
  }

  name(place) {
    return `parley-${this.#id}-${place}`;
  }

  // A command that runs at that place: the words to put before it.
  at(place) {
    return ['ip', 'netns', 'exec', this.name(place)];
  }

  // A program to be started in place of `file`, which runs that at `place`, for who starts it by one path.
  async programAt(t, place, file) {
    const folder = await mkdtemp(path.join(tmpdir(), 'parley-netns-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const program = path.join(folder, path.basename(file));
    await writeFile(program, `#!/bin/sh\nexec ${this.at(place).join(' ')} ${file} "$@"\n`);
    await chmod(program, 0o755);
    return program;
  }

  // A port of loopback at that place, for who connects to the same one of loopback here: resolves to it.
  async forward(t, place) {
    const there = 'const way = require("net").connect(+process.argv[1], "127.0.0.1"); process.stdin.pipe(way).pipe(process.stdout);';
    const children = new Set();
    const server = createServer((socket) => {
      const [command, ...rest] = [...this.at(place), process.execPath, '-e', there, String(server.address().port)];
      const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
      children.add(child);
      socket.on('error', () => child.kill()).pipe(child.stdin).on('error', () => socket.destroy());
      child.stdout.pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.close();
      for (const child of children) child.kill();
    });
    return server.address().port;
  }

  close() {
    for (const name of [...made].filter((each) => each.startsWith(this.name('')))) drop(name);
    if (this.#files) rmSync(this.#files, { recursive: true, force: true });
  }

  #add(place) {
    const name = this.name(place);
    if (made.has(name)) return;
    sh('ip', 'netns', 'add', name);
    made.add(name);
    sh('ip', '-n', name, 'link', 'set', 'lo', 'up');
  }

  #connect(place, device, address, other, otherDevice, otherAddress) {
    this.#add(place);
    this.#add(other);
    const [here, there] = [this.name(place), this.name(other)];
    sh('ip', 'link', 'add', device, 'netns', here, 'type', 'veth', 'peer', 'name', otherDevice, 'netns', there);
    for (const [name, link, ip] of [[here, device, address], [there, otherDevice, otherAddress]]) {
      sh('ip', '-n', name, 'addr', 'add', ip, 'dev', link);
      sh('ip', '-n', name, 'link', 'set', link, 'up');
    }
  }

  #route(place, gateway) {
    sh('ip', '-n', this.name(place), 'route', 'add', 'default', 'via', gateway);
  }

  #forward(place) {
    sh(...this.at(place), 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  }
}
