// node bench/meeting/run.mjs [REPEATS] [LOAD OPTION...]
//
// The server as it is, filled with 2,000 people in 500 rooms who signal and chat; medians of the
// repeats, each against a fresh server with a fresh database. Needs a release build of parley and
// meeting_load.
import { spawn, execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { promisify } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const build = process.env.PARLEY_BUILD ?? path.resolve(here, '../../build/release');
const repeats = Number(process.argv[2] ?? 3);
const options = process.argv.slice(3);
const run = promisify(execFile);

const milliseconds = (value) => `${value.toFixed(2)} ms`;
const rows = [
  { name: 'a relayed message, p50', figure: (answer) => answer.relayed_ms.p50, show: milliseconds },
  { name: 'a relayed message, p99', figure: (answer) => answer.relayed_ms.p99, show: milliseconds, budget: 'under 20 ms' },
  { name: 'a chat message until it is acknowledged, so on the disk, p50', figure: (answer) => answer.chat_acknowledged_ms.p50, show: milliseconds },
  { name: 'the same, p99', figure: (answer) => answer.chat_acknowledged_ms.p99, show: milliseconds },
  { name: 'a chat message until the others have it, p50', figure: (answer) => answer.chat_told_ms.p50, show: milliseconds },
  { name: 'the same, p99', figure: (answer) => answer.chat_told_ms.p99, show: milliseconds },
  { name: 'a join until it is acknowledged, p99', figure: (answer) => answer.join_ms.p99, show: milliseconds },
  { name: 'a join, CPU with its connection', figure: (answer) => answer.join_cpu_ms, show: milliseconds },
  { name: 'memory a participant, with the connection', figure: (answer) => answer.bytes_a_person, show: (value) => `${(value / 1024).toFixed(1)} KiB` },
  { name: 'memory in all, after the load', figure: (answer) => answer.peak_bytes, show: (value) => `${(value / 2 ** 20).toFixed(1)} MiB` },
  { name: 'CPU under the load', figure: (answer) => answer.cpu, show: (value) => `${(100 * value).toFixed(0)}% of a core` },
];

async function serve(data) {
  const args = ['serve', '--listen', '127.0.0.1:0', '--https', 'off', '--stun', 'off', '--turn-tls', 'off', '--log-level', 'warning', '--data', data];
  const child = spawn(path.join(build, 'parley'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the server ended')));
    child.stdout.on('data', (chunk) => {
      const ready = /ready http:\S+:(\d+)/.exec(chunk);
      if (ready) resolve(ready[1]);
    });
  });
  return { child, port };
}

async function measure() {
  const data = await mkdtemp(path.join(tmpdir(), 'parley-bench-'));
  const { child, port } = await serve(data);
  try {
    const args = ['--port', port, '--pid', String(child.pid), ...options];
    const { stdout } = await run(path.join(build, 'bench/meeting_load'), args);
    return JSON.parse(stdout);
  } finally {
    child.kill('SIGKILL');
    await rm(data, { recursive: true });
  }
}

const answers = [];
for (let i = 0; i < repeats; i++) {
  answers.push(await measure());
  process.stderr.write(`${JSON.stringify(answers.at(-1))}\n`);
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
console.log('| what | measured | budget |\n|---|---|---|');
for (const { name, figure, show, budget = '' } of rows) {
  console.log(`| ${name} | ${show(median(answers.map(figure)))} | ${budget} |`);
}
