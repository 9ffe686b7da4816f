// node bench/turn/run.mjs [REPEATS] [LOAD OPTION...]
//
// Parley's relay and Debian's coturn side by side: each case against one after the other, several
// times, medians. Needs a release build of turn_load and turn_server, and turnserver.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { promisify } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const build = process.env.PARLEY_BUILD ?? path.resolve(here, '../../build/release');
const repeats = Number(process.argv[2] ?? 5);
const options = process.argv.slice(3);
const run = promisify(execFile);

const cases = ['memory:5000', 'binding']; // Memory first, while nothing has been let go of.
for (const way of ['channels', 'indications']) {
  for (const size of [160, 1200]) {
    for (const burst of [1, 7]) {
      for (const direction of ['up', 'down', 'both']) cases.push(`${way}:${size}:${burst}:${direction}`);
    }
  }
}

async function freePort() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

async function coturn(data, threads) {
  const port = await freePort();
  const args = ['-n', '--listening-ip', '127.0.0.1', '--relay-ip', '127.0.0.1', '--listening-port', port, '--allow-loopback-peers',
    '--lt-cred-mech', '--user', 'bench:bench', '--realm', 'bench', '--no-tls', '--no-dtls', '--no-cli', '--simple-log',
    '--log-file', path.join(data, `log-${port}`), '--userdb', path.join(data, `db-${port}`), '--pidfile', path.join(data, `pid-${port}`),
    '--min-port', 20000, '--max-port', 65535, ...(threads ? ['--relay-threads', threads] : [])];
  const child = spawn('turnserver', args.map(String), { stdio: 'ignore' });
  await new Promise((resolve) => { setTimeout(resolve, 1500); });
  return { child, address: `127.0.0.1:${port}` };
}

async function parley(workers, ...mode) {
  const child = spawn(path.join(build, 'bench/turn_server'), ['127.0.0.1:0', workers, ...mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { child, address: /ready (\S+)/.exec(line)[1] };
}

async function measure({ child, address }, name) {
  const args = ['--server', address, '--pid', String(child.pid), '--login', 'bench:bench', ...options, name];
  const { stdout } = await run(path.join(build, 'bench/turn_load'), args, { timeout: 120_000 });
  return JSON.parse(stdout);
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const data = await mkdtemp(path.join(tmpdir(), 'parley-bench-'));
const servers = {};
try {
  servers['Parley, one worker'] = await parley('1');
  servers['the same without GSO and GRO'] = await parley('1', 'single');
  servers['coturn, one thread'] = await coturn(data, 1);
  servers['coturn as it comes'] = await coturn(data);
  console.log(`| case | ${Object.keys(servers).join(' | ')} | times coturn | lost |`);
  console.log('|---|---|---|---|---|---|---|');
  for (const name of cases) {
    const answers = Object.fromEntries(Object.keys(servers).map((server) => [server, []]));
    const rounds = name.startsWith('memory') ? 1 : repeats; // What the first one let go of, the next uses again.
    for (let i = 0; i < rounds; i++) {
      for (const [server, how] of Object.entries(servers)) answers[server].push(await measure(how, name));
    }
    process.stderr.write(`${JSON.stringify(answers)}\n`);
    const figure = (answer) => answer.per_cpu_second ?? answer.bytes_each;
    const medians = Object.values(answers).map((all) => median(all.map(figure)));
    const lost = Object.values(answers).map((all) => all.reduce((sum, answer) => sum + (answer.lost ?? 0), 0));
    const times = name.startsWith('memory') ? medians[2] / medians[0] : medians[0] / medians[2];
    const shown = medians.map((value) => Math.round(value).toLocaleString('en'));
    console.log(`| ${name} | ${shown.join(' | ')} | ${times.toFixed(2)} | ${lost.join(', ')} |`);
  }
} finally {
  for (const { child } of Object.values(servers)) child.kill('SIGKILL');
  await rm(data, { recursive: true });
}
