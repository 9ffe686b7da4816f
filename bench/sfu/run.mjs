// node bench/sfu/run.mjs [REPEATS] [CASE...]
//
// Parley's SFU and Debian's Janus side by side: each case against one after the other, several times,
// medians. Needs a release build of parley and sfu_load, and janus.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const build = process.env.PARLEY_BUILD ?? path.resolve(here, '../../build/release');
const repeats = Number(process.argv[2] ?? 3);
const run = promisify(execFile);
// Janus does not use loopback; what goes to one's own address stays within the host all the same.
const local = Object.values(networkInterfaces()).flat().find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';

const cases = {};
for (const viewers of [50, 200, 1000]) {
  for (const picture of ['spaced', 'frames']) cases[`1 to ${viewers}, ${picture}`] = { publishers: 1, viewers, picture };
}
for (const picture of ['spaced', 'frames']) cases[`10 who see each other, ${picture}`] = { publishers: 10, viewers: 0, picture };
cases['200 who see next to nothing'] = { publishers: 1, viewers: 200, picture: 'idle' };
const wanted = process.argv.slice(3);

async function freePort() {
  const server = createServer().listen(0, local);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function janus(folder, eventLoops) {
  const port = await freePort();
  const plugins = '/usr/lib/x86_64-linux-gnu/janus';
  await writeFile(path.join(folder, 'janus.jcfg'), `
    general: { configs_folder = "${folder}" plugins_folder = "${plugins}/plugins" transports_folder = "${plugins}/transports"
      events_folder = "${folder}" loggers_folder = "${folder}" debug_level = 1 ${eventLoops ? `event_loops = ${eventLoops}` : ''} }
    media: { rtp_port_range = "20000-60000" }
    nat: { }
    plugins: { disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so" }
    transports: { disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so" }`);
  await writeFile(path.join(folder, 'janus.transport.websockets.jcfg'), `general: { ws = true ws_port = ${port} ws_ip = "${local}" wss = false }`);
  await writeFile(path.join(folder, 'janus.plugin.videoroom.jcfg'), 'general: { }');
  const child = spawn('janus', ['-F', folder, '-C', path.join(folder, 'janus.jcfg')], { stdio: 'ignore' });
  await wait(2000);
  return { child, url: () => `${local}:${port}`, name: 'janus' };
}

async function parley(folder) {
  const config = path.join(folder, 'parley.toml');
  await writeFile(config, '[rooms]\nmax_participants = 1100\n[http]\nmax_connections_per_address = 1100\n');
  const args = ['serve', '--config', config, '--listen', `${local}:0`, '--https', 'off', '--data', path.join(folder, 'data'), '--stun', `${local}:0`,
    '--media', `${local}:0`, '--workers', '1'];
  const child = spawn(path.join(build, 'parley'), args, { stdio: ['ignore', 'pipe', process.env.PARLEY_LOG ? 'inherit' : 'ignore'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  let rooms = 0;
  return { child, url: () => `${/http:\S+/.exec(line)[0]}/room/bench${rooms++}`, name: 'parley' };
}

async function measure(start, { publishers, viewers, picture }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-bench-'));
  const server = await start(folder);
  try {
    const args = ['--server', server.name, '--url', server.url(), '--local', local, '--pid', server.child.pid, '--publishers', publishers,
      '--viewers', viewers, '--picture', picture];
    const { stdout } = await run(path.join(build, 'bench/sfu_load'), args.map(String), { timeout: 180_000 })
      .catch(({ stdout, stderr }) => ({ stdout: stdout || JSON.stringify({ problem: stderr }) }));
    return JSON.parse(stdout);
  } finally {
    server.child.kill('SIGKILL');
    await once(server.child, 'exit');
    await rm(folder, { recursive: true });
  }
}

// What our sockets take for the same packets, with nothing of an SFU: how fast the machine is at this moment.
async function socketsAlone() {
  const { stdout } = await run(path.join(build, 'bench/sfu_sockets'), [local, '200']);
  const [one, , , eight] = [...stdout.matchAll(/: (\d+) packets/g)].map(([, packets]) => Number(packets));
  return { spaced: one, frames: 250 / (50 / one + 200 / eight) }; // Sound leaves by itself.
}

const servers = { Parley: parley, 'Janus as it comes': (folder) => janus(folder), 'Janus, one event loop': (folder) => janus(folder, 1) };
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const shown = (value) => (Number.isFinite(value) ? Math.round(value).toLocaleString('en') : '-');
console.log('| case | server | packets out for a CPU-second | of one core | lost | bytes each | CPU ms a join | first picture, ms |');
console.log('|---|---|---|---|---|---|---|---|');
for (const [name, what] of Object.entries(cases)) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  const alone = [];
  const answers = Object.fromEntries(Object.keys(servers).map((server) => [server, []]));
  for (let i = 0; i < repeats; i++) {
    alone.push(await socketsAlone());
    for (const [server, start] of Object.entries(servers)) answers[server].push(await measure(start, what));
  }
  process.stderr.write(`${JSON.stringify({ name, answers })}\n`);
  if (what.picture in alone[0]) console.log(`| ${name} | the sockets alone | ${shown(median(alone.map((of) => of[what.picture])))} | | | | | |`);
  for (const [server, all] of Object.entries(answers)) {
    const of = (key) => median(all.map((answer) => answer[key] ?? NaN));
    const lost = all.map(({ packetsLost, connected, bots }) => `${packetsLost ?? '-'}${connected === bots ? '' : ` (${connected} of ${bots})`}`);
    console.log(`| ${name} | ${server} | ${shown(of('packetsPerCpuSecond'))} | ${shown(of('load') * 100)}% | ${lost.join(', ')} | ${shown(of('memoryEach'))} | ${of('joinCpuMs').toFixed(2)} | ${shown(of('firstFrameMedianMs'))} |`);
  }
}
