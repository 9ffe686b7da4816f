// parley-load against the real server: what its bots saw, and its exit status.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';

import { startServer } from '../e2e/lib/server.mjs';
import { within } from '../e2e/lib/wait.mjs';
import { build } from './lib/program.mjs';

const viewers = 5;
const frames = 25; // A second.

async function load(...args) {
  const child = spawn(path.join(build, 'parley-load'), ['--viewers', `${viewers}`, '--seconds', '2', '--json', ...args]);
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const code = await within(90_000, 'parley-load to end', ended);
  return { code, ...JSON.parse(output) };
}

function assertAllSaw({ code, ...seen }) {
  assert.equal(code, 0, JSON.stringify(seen));
  assert.equal(seen.connected, viewers + 1);
  assert.equal(seen.problem, null);
  for (const none of ['withoutPicture', 'packetsLost', 'brokenFrames']) assert.equal(seen[none], 0, none);
  assert.ok(seen.frames > viewers * frames, `${seen.frames} frames`); // Of two seconds.
}

describe('parley-load', () => {
  // By ::1 its media are at another address than its pages.
  for (const media of ['127.0.0.1:0', '[::1]:0']) {
    test(`one who sends and ${viewers} who watch, media at ${media}`, async (t) => {
      const server = await startServer({ t, args: ['--media', media] });
      assertAllSaw(await load('--room', `${server.url}/room/load`));
      assertAllSaw(await load('--whip', `${server.url}/whip/more`, '--whep', `${server.url}/whep/more`));
    });
  }

  test('who is not let in fails with the reason', async (t) => {
    const server = await startServer({ t });
    const { code, connected, problem } = await load('--room', `${server.url}/room/no%20name?`);
    assert.deepEqual([code, connected], [1, 0]);
    assert.match(problem, /room/i);
  });

  test('where no server is, it says so', async () => {
    const { code, connected, problem } = await load('--room', 'http://127.0.0.1:9/room/load');
    assert.deepEqual([code, connected], [1, 0]);
    assert.match(problem, /connection to the server/);
  });
});
