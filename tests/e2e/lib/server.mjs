// Starts the real parley binary for a test, on free ports of the loopback address.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { within } from './wait.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const binary = process.env.PARLEY_BINARY ?? path.join(root, 'build/release/parley');

const kLogLines = 200; // Of the server's log, kept to be shown where it fails.
const running = new Set();
// A test that dies half-way leaves no server behind.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

class ParleyServer {
  #args;
  #program;
  #child = null;
  #exited = null;
  log = [];
  url = '';

  constructor(args, dataFolder, program) {
    this.#args = args;
    this.#program = program;
    this.dataFolder = dataFolder;
  }

  get pid() {
    return this.#child?.pid;
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  // `listen` overrides the first --listen: restart() uses it to come back at the same address.
  async start(listen = '127.0.0.1:0') {
    const args = ['serve', '--listen', listen, '--data', this.dataFolder, ...this.#args];
    const child = spawn(this.#program, args, { cwd: this.dataFolder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    running.add(child);
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => resolve({ error }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    }).finally(() => running.delete(child));
    child.stderr.setEncoding('utf8').on('data', (text) => this.#keep(text));
    this.url = await within(20_000, 'the ready line of parley', this.#readyLine(child));
    return this;
  }

  #keep(text) {
    this.log.push(...text.split('\n').filter(Boolean));
    this.log.splice(0, this.log.length - kLogLines);
  }

  #readyLine(child) {
    let text = '';
    const ready = new Promise((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (part) => {
        text += part;
        const match = /^parley ready (http:\/\/\S+)$/m.exec(text);
        if (match) resolve(match[1]);
      });
    });
    const failed = this.#exited.then(({ code, signal, error }) => {
      throw new Error(`parley ended (${error ?? signal ?? code}):\n${this.log.join('\n')}`);
    });
    failed.catch(() => {});
    return Promise.race([ready, failed]);
  }

  // Asks it to end, and resolves to its exit code; 0 is what SIGTERM must give.
  async stop(signal = 'SIGTERM') {
    if (!this.#child) return undefined;
    const child = this.#child;
    this.#child = null;
    child.kill(signal);
    try {
      return (await within(15_000, 'parley to end', this.#exited)).code;
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`${error.message}\n${this.log.join('\n')}`);
    }
  }

  // Down and up again at the same port; `meanwhile` runs while it is down.
  async restart({ signal = 'SIGTERM', meanwhile = async () => {} } = {}) {
    const address = new URL(this.url).host;
    await this.stop(signal);
    await meanwhile();
    await this.start(address);
  }

  async close() {
    await this.stop();
    await rm(this.dataFolder, { recursive: true, force: true });
  }
}

// Each on a free port of loopback, where the test says nothing else.
const kListening = ['--https', '--stun', '--turn-tls', '--media'];

// Pages whose computer is too busy for many pictures ask for one stream by themselves. Where browsers share theirs with the
// test that could be any of them, so a test that is about that says kOneStream.
const kNoMixers = ['--mixers', '0'];
export const kOneStream = ['--mixers', '1'];

// startServer({ args: ['--test-hooks'] }); stops and cleans up when the test `t` has ended.
export async function startServer({ t, args = [] } = {}) {
  const free = kListening.filter((flag) => !args.includes(flag)).flatMap((flag) => [flag, '127.0.0.1:0']);
  const mixers = args.includes('--mixers') ? [] : kNoMixers;
  const server = new ParleyServer(
    [...free, ...mixers, ...args],
    await mkdtemp(path.join(tmpdir(), 'parley-test-')),
    binary,
  );
  t?.after(() => server.close());
  return server.start();
}

// The same by `program`, which starts parley somewhere else: in a network namespace, say. The ports are in `args`, but for
// that of HTTP.
export async function startServerBy(program, { t, listen, args }) {
  const server = new ParleyServer(args, await mkdtemp(path.join(tmpdir(), 'parley-test-')), program);
  t.after(() => server.close());
  return server.start(listen);
}
