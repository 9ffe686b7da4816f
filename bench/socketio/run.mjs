// node bench/socketio/run.mjs [REPEATS]
//
// Our Socket.IO server and the npm one, in turn, under the same load; medians, from the CPU time
// that the kernel counts for the server's process. Needs a release build of socketio_load and
// socketio_bench_server, and `npm ci` in tests/.
import { spawn, execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { promisify } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const build = process.env.PARLEY_BUILD ?? path.resolve(here, '../../build/release');
const repeats = Number(process.argv[2] ?? 3);
const run = promisify(execFile);

const servers = {
  Parley: [path.join(build, 'bench/socketio_bench_server')],
  Node: [process.execPath, path.join(here, 'server.mjs')],
};

// What is measured: the load's arguments, the figure in its answer, and the budget.
const rows = [
  { name: 'fan-out to 1,000, 1 in flight (deliveries a CPU-second)', load: ['fanout', '--in-flight', '1'], figure: 'per_cpu_second', budget: 'at least 1.5x' },
  { name: 'fan-out to 1,000, 8 in flight (deliveries a CPU-second)', load: ['fanout', '--in-flight', '8'], figure: 'per_cpu_second', budget: 'at least 4x' },
  { name: 'a connect (CPU, ms)', load: ['connect', '--clients', '5000'], figure: 'ms_each', budget: 'at most 0.1' },
  { name: 'an idle WebSocket, 5,000 of them (bytes)', load: ['connect', '--clients', '5000'], figure: 'bytes_each', budget: 'at most 6144' },
  { name: 'long-polling, 100 clients (requests a CPU-second)', load: ['polling', '--clients', '100'], figure: 'per_cpu_second', budget: 'at least 3x' },
];

async function start([program, ...args]) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout.on('data', (chunk) => {
      const ready = /ready http:\S+:(\d+)/.exec(chunk);
      if (ready) resolve(ready[1]);
    });
  });
  return { child, port };
}

// Each load once against a fresh server.
async function measure(command, load) {
  const { child, port } = await start(command);
  try {
    const args = [...load, '--port', port, '--pid', String(child.pid)];
    const { stdout } = await run(path.join(build, 'bench/socketio_load'), args);
    return JSON.parse(stdout);
  } finally {
    child.kill();
  }
}

const median = (values) => values.toSorted?.((a, b) => a - b)[values.length >> 1] ?? [...values].sort((a, b) => a - b)[values.length >> 1];
const loads = new Map(rows.map(({ load }) => [load.join(' '), load]));
const results = new Map(); // "server load" -> answers
for (let i = 0; i < repeats; i++) {
  for (const [key, load] of loads) {
    for (const [name, command] of Object.entries(servers)) {
      const answers = results.get(`${name} ${key}`) ?? [];
      results.set(`${name} ${key}`, answers);
      answers.push(await measure(command, load));
      process.stderr.write(`${name} ${key}: ${JSON.stringify(answers.at(-1))}\n`);
    }
  }
}

const show = (value) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));
console.log('| what | Parley | Node | Parley : Node | budget |\n|---|---|---|---|---|');
for (const { name, load, figure, budget } of rows) {
  const of = (server) => median(results.get(`${server} ${load.join(' ')}`).map((answer) => answer[figure]));
  const [ours, theirs] = [of('Parley'), of('Node')];
  console.log(`| ${name} | ${show(ours)} | ${show(theirs)} | ${(ours / theirs).toFixed(2)} | ${budget} |`);
}
