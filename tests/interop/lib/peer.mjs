// A peer for a test: a program, or a page of a browser, that speaks the lines of ../peers/README.md.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { openPage } from '../../e2e/lib/browsers.mjs';
import { until, within } from '../../e2e/lib/wait.mjs';
import { browserSide } from './browser_side.mjs';
import { build } from './program.mjs';

const patience = 30_000; // A busy machine is slow, not broken.
const peers = fileURLToPath(new URL('../peers/', import.meta.url));
const media = fileURLToPath(new URL('../peer_program/', import.meta.url)); // The clips.
const goBuild = fileURLToPath(new URL('../../../build/go/', import.meta.url));

// Debian's Python has GStreamer's and aiortc's bindings; another one on the path may not.
export const programs = {
  parley: [path.join(build, 'tests/peer_program')],
  gstreamer: ['/usr/bin/python3', path.join(peers, 'gstreamer_peer.py')],
  aiortc: ['/usr/bin/python3', path.join(peers, 'aiortc_peer.py')],
  pion: [path.join(goBuild, 'pion_peer'), media],
};
export const havePeer = (name) => programs[name].every((file) => existsSync(file));

// What is built before it is started, of what Debian has: nothing is fetched. Ten seconds the first time; after that
// Go finds that nothing has changed.
const go = (program, ...files) => promisify(execFile)('/usr/bin/go', ['build', '-o', program, ...files], {
  cwd: peers,
  env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '', GOPATH: '/usr/share/gocode', GOCACHE: path.join(goBuild, 'cache') },
});
const builds = { pion: () => go(programs.pion[0], 'pion_peer.go', 'pion_media.go') };
const built = {}; // A promise for each peer's build, by the peer's name.

// What has happened to a peer, in order, and what was waited for.
class Peer {
  events = [];
  #said;
  #listeners = new Set();

  constructor(name, say) {
    this.name = name;
    this.#said = say;
  }

  // Gives a command.
  say(command, members = {}) {
    return this.#said({ command, ...members });
  }

  hear(event) {
    this.events.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  // Is told every event from the first on.
  listen(listener) {
    this.events.forEach(listener);
    this.#listeners.add(listener);
  }

  // The first event of that name for which `matches` holds, whether or not it has been already.
  async heard(name, matches = () => true) {
    const find = () => this.events.find((event) => event.event === name && matches(event));
    return until(`${this.name} to tell ${name}`, () => {
      const problem = this.events.find(({ event }) => event === 'error');
      return find() ?? (problem && { problem });
    }, { timeout: patience, interval: 10 }).then((event) => {
      if (event.problem) throw new Error(`${this.name}: ${event.problem.message}`);
      return event;
    });
  }

  message(label, matches) {
    return this.heard('message', (event) => event.label === label && matches(event));
  }

  // The statistics as they are now.
  async stats() {
    const before = this.events.length;
    await this.say('stats');
    await until(`${this.name}'s stats`, () => this.events.slice(before).some(({ event }) => event === 'stats'));
    return this.events.slice(before).find(({ event }) => event === 'stats');
  }

  // Waits until more than `frames` whole frames of that kind have come.
  framesCome(kind, frames) {
    return until(`${frames} frames of ${kind} to come to ${this.name}`,
      async () => (await this.stats())[kind].framesReceived > frames, { timeout: patience, interval: 200 });
  }
}

// Starts a program, with `options` on its command line; it ends with the test `t`, at the latest.
export async function startPeer(t, name, options = []) {
  await (built[name] ??= builds[name]?.());
  const [file, ...args] = [...programs[name], ...options];
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const peer = new Peer(name, (command) => child.stdin.write(`${JSON.stringify(command)}\n`));
  child.once('error', (error) => peer.hear({ event: 'error', message: String(error) }));
  child.stdin.on('error', () => {}); // It has ended: what it told before says why.
  createInterface({ input: child.stdout }).on('line', (line) => peer.hear(JSON.parse(line)));
  // The exit code, once its input has ended.
  peer.close = async () => {
    child.stdin.end();
    return within(10_000, `${name} to end`, ended).finally(() => child.kill('SIGKILL'));
  };
  t.after(() => child.kill('SIGKILL'));
  await peer.heard('ready');
  return peer;
}

// A page in `browser` as a peer. `name` is for what tests print, `configuration` an RTCConfiguration.
export async function pagePeer(browser, name, configuration = {}) {
  const page = await openPage(browser);
  await page.evaluate(browserSide, configuration);
  const peer = new Peer(name, (command) => page.evaluate((told) => window.obey(told), command));
  // Polled, as that is what both drivers of browsers can do.
  const read = async () => (await page.evaluate(() => window.told.splice(0))).forEach((event) => peer.hear(event));
  let open = true;
  const reading = (async () => {
    while (open) await read().catch(() => { open = false; }).then(() => new Promise((wake) => { setTimeout(wake, 20); }));
  })();
  peer.page = page;
  peer.close = async () => {
    await peer.say('close');
    await read();
    open = false;
    await reading;
    return 0;
  };
  return peer;
}

// Carries descriptions and candidates from each to the other from now on. A candidate waits for the description.
export function wire(a, b) {
  for (const [from, to] of [[a, b], [b, a]]) {
    let early = []; // Candidates from before the first description; null once that has come.
    let last = Promise.resolve();
    const say = (command, members) => {
      last = last.then(() => to.say(command, members))
        .catch((error) => to.hear({ event: 'error', message: String(error) }));
    };
    from.listen(({ event, ...members }) => {
      if (event === 'description') {
        say('description', members);
        for (const candidate of early ?? []) say('candidate', candidate);
        early = null;
      } else if (event === 'candidate') {
        if (early) early.push(members);
        else say('candidate', members);
      }
    });
  }
}

// `offerer` calls `answerer`, both with the tracks `kinds`, and resolves once both are connected.
export async function call(offerer, answerer, { kinds = ['audio', 'video'], channels = [] } = {}) {
  wire(offerer, answerer);
  for (const kind of kinds) await Promise.all([offerer.say('track', { kind }), answerer.say('track', { kind })]);
  for (const channel of channels) await offerer.say('channel', channel);
  await offerer.say('offer');
  const connected = (peer) => peer.heard('state', ({ state }) => state === 'connected');
  await Promise.all([connected(offerer), connected(answerer)]);
}
