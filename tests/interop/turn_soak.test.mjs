// What the relay of `parley serve` keeps of allocations that are gone, and of strangers: nothing.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { startServer } from '../e2e/lib/server.mjs';
import { build } from './lib/program.mjs';

const run = promisify(execFile);
const kMiB = 2 ** 20;

async function soak(...args) {
  const { stdout } = await run(path.join(build, 'tests/turn_soak'), args.map(String), { timeout: 600_000 });
  return JSON.parse(stdout);
}

async function resident({ pid }) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
}

const stunPort = async ({ url }) => (await (await fetch(`${url}/api/doctor`)).json()).ports.stun;

// The sum of those samples of a metric whose labels match.
async function metric({ url }, name, labels = '') {
  const page = await (await fetch(`${url}/metrics`)).text();
  const samples = [...page.matchAll(new RegExp(`^${name}(\\{[^}]*\\})? (\\S+)$`, 'gm'))];
  assert.notEqual(samples.length, 0, `no ${name}`);
  return samples.filter(([, of]) => (of ?? '').includes(labels)).reduce((sum, [, , value]) => sum + Number(value), 0);
}

test('100,000 allocations made and let go leave nothing behind', async (t) => {
  const server = await startServer({ t, args: ['--turn-user', 'ada:secret'] });
  const at = `127.0.0.1:${await stunPort(server)}`;
  await soak('churn', at, 'ada:secret', 10_000); // What is set up for the first ones stays.
  const before = await resident(server);
  assert.deepEqual(await soak('churn', at, 'ada:secret', 90_000), { made: 90_000, letGo: 90_000 });
  const growth = (await resident(server)) - before;
  assert.ok(growth < 3 * kMiB, `${growth} bytes more`);
  assert.equal(await metric(server, 'parley_turn_allocations_made_total'), 100_000);
  assert.equal(await metric(server, 'parley_turn_allocations'), 0);
  t.diagnostic(`memory: ${(before / kMiB).toFixed(1)} MiB, and ${(growth / 1024).toFixed(0)} KiB more after 90,000`);
});

// From an address that is not loopback, which is exempt from limits.
const outside = Object.values(networkInterfaces()).flat().find(({ family, internal }) => family === 'IPv4' && !internal);

test('a flood without a password costs no memory, and few answers', { skip: !outside }, async (t) => {
  const server = await startServer({ t, args: ['--stun', `${outside.address}:0`] });
  const at = `${outside.address}:${await stunPort(server)}`;
  await soak('flood', at, outside.address, 20_000);
  const before = await resident(server);
  const { answers } = await soak('flood', at, outside.address, 200_000);
  const growth = (await resident(server)) - before;
  assert.ok(growth < kMiB, `${growth} bytes more`);
  assert.ok(answers < 20_000, `${answers} answers`);
  const drops = async (reason) => metric(server, 'parley_turn_drops_total', `"${reason}"`);
  assert.ok((await drops('rate')) > 50_000);
  assert.ok((await drops('no-allocation')) > 10_000);
  assert.equal(await metric(server, 'parley_turn_allocations_made_total'), 0);
  t.diagnostic(`memory: ${(growth / 1024).toFixed(0)} KiB more, ${answers} answers to 200,000 packets`);
});
