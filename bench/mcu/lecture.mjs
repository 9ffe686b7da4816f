// node bench/mcu/lecture.mjs [--viewers N] [--seconds N] [--joins N] [--runs N] [--pin] [CASE...]
//
// A lecturer before an audience, by parley-load on the same machine: what it costs the server, and what is lost.
// --pin: the server has the first processor, the bots the others. Needs a release build of parley, parley-load,
// mcu_compose and mcu_mix, and GStreamer.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const build = process.env.PARLEY_BUILD ?? path.resolve(here, '../../build/release');
const run = promisify(execFile);
const number = (value) => ({ type: 'string', default: String(value) });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { viewers: number(1000), seconds: number(30), joins: number(100), runs: number(1), pin: { type: 'boolean', default: false } },
});

const everyone = ['--lecture', '--one-stream'];
const cases = {
  'one stream of 180p': ['--lecture', '--one-stream=180'],
  'one stream of 360p': ['--lecture', '--one-stream=360'],
  'one stream of 720p': everyone,
  'one stream of 720p by WHEP': [...everyone, '--whep'],
  'camera and microphone forwarded': [],
};

// A lecturer of 360p at 500 kbit/s, who speaks.
async function record(folder) {
  await run(path.join(build, 'bench/mcu_compose'), ['film', folder, '300']);
  await run(path.join(build, 'bench/mcu_mix'), ['say', folder, '10']);
  const sound = `filesrc location=${folder}/0.wav ! wavparse ! audioconvert ! opusenc bitrate=32000 audio-type=voice ! oggmux ! filesink location=${folder}/0.opus`;
  await run('gst-launch-1.0', ['-q', ...sound.split(' ')]);
}

function pinned(cores, command, args) {
  return values.pin ? ['taskset', ['-c', cores, command, ...args]] : [command, args];
}

async function serve(folder) {
  const args = ['serve', '--listen', '127.0.0.1:0', '--https', 'off', '--data', path.join(folder, 'data'), '--stun', '127.0.0.1:0', '--media', '127.0.0.1:0'];
  const child = spawn(...pinned('0', path.join(build, 'parley'), args), { stdio: ['ignore', 'pipe', process.env.PARLEY_LOG ? 'inherit' : 'ignore'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, url: /http:\S+/.exec(line)[0] };
}

async function measure(films, what) {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-lecture-'));
  const { child, url } = await serve(folder);
  try {
    const ways = what.flatMap((word) => (word === '--whep' ? [word, `${url}/whep/hall`] : [word]));
    const args = ['--room', `${url}/room/hall`, ...ways, '--publishers', '1', '--viewers', values.viewers, '--joins', values.joins, '--seconds', values.seconds,
      '--film', `${films}/0.ivf`, '--sound', `${films}/0.opus`, '--server-pid', child.pid, '--json'];
    const { stdout } = await run(...pinned(`1-${availableParallelism() - 1}`, path.join(build, 'parley-load'), args.map(String)), { timeout: 300_000 })
      .catch(({ stdout, stderr }) => ({ stdout: stdout || JSON.stringify({ problem: stderr }) }));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const counted = [...metrics.matchAll(/^(parley_(?:mcu|sfu)\S*(?:dropped|left_out|key_frame|encoded|overloaded|nack)\S*) (\d+)$/gm)].filter(([, , value]) => value !== '0');
    return { ...JSON.parse(stdout), counted: Object.fromEntries(counted.map(([, name, value]) => [name, Number(value)])) };
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
    await rm(folder, { recursive: true });
  }
}

const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
const films = await mkdtemp(path.join(tmpdir(), 'parley-films-'));
try {
  await record(films);
  console.log(`| ${values.viewers} get | connected | packets a second | Mbit/s | lost | pictures a second | freezes | server, of a core | bots, of a core | CPU ms a join | first picture, ms | server MB before, with them, after |`);
  console.log('|---|---|---|---|---|---|---|---|---|---|---|---|');
  for (const [name, what] of Object.entries(cases)) {
    if (positionals.length > 0 && !positionals.some((part) => name.includes(part))) continue;
    const all = [];
    for (let i = 0; i < Number(values.runs); i++) all.push(await measure(films, what));
    process.stderr.write(`${JSON.stringify({ name, all })}\n`);
    const of = (value) => median(all.map(value));
    const share = (key) => of((one) => one[key] / one.seconds).toFixed(2);
    console.log(`| ${name} | ${all.map(({ connected, bots }) => `${connected} of ${bots}`).join(', ')} | ${Math.round(of((one) => one.packetsReceived / one.seconds)).toLocaleString('en')} `
      + `| ${of((one) => one.receivedMbit).toFixed(0)} | ${all.map(({ packetsLost }) => packetsLost).join(', ')} | ${of((one) => one.frames / one.seconds / (one.bots - 1)).toFixed(1)} | ${all.map(({ freezes }) => freezes).join(', ')} `
      + `| ${share('serverCpuSeconds')} | ${share('loadCpuSeconds')} | ${of((one) => (one.serverJoinCpuSeconds / one.bots) * 1e3).toFixed(1)} | ${Math.round(of((one) => one.firstFrameMedianMs))} `
      + `| ${megabytes(of((one) => one.serverMemoryBefore))}, ${megabytes(of((one) => one.serverMemoryBytes))}, ${megabytes(of((one) => one.serverMemoryAfter))} |`);
  }
} finally {
  await rm(films, { recursive: true });
}
