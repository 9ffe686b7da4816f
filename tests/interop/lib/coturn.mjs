// coturn's client programs, as Debian has them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

import { within } from '../../e2e/lib/wait.mjs';

// Runs a program to its end, with nothing on its standard input.
export async function run(program, ...args) {
  const child = spawn(program, args.map(String), { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    return { code: await within(90_000, program, closed), output };
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${error.message}\n${output}`);
  }
}

// turnutils_PROGRAM
export const coturn = (program, ...args) => run(`turnutils_${program}`, ...args);
export const uclient = (...args) => coturn('uclient', ...args);

// Every message of every client came back.
export function assertNothingLost({ code, output }, messages) {
  assert.equal(code, 0, output);
  assert.match(output, new RegExp(`tot_send_msgs=${messages}, tot_recv_msgs=${messages}$`, 'm'), output);
  assert.match(output, /Total lost packets 0 \(0\.0+%\), total send dropped 0/, output);
}
