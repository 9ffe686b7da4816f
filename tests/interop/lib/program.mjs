// Starts a program of ours that prints `ready http://ADDRESS` (or `NAME ready http://...`).
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const build = process.env.PARLEY_BUILD ?? path.join(root, 'build/release');

// Resolves to {url, stop()}. `program` is a path inside the build folder.
export async function start(program, ...args) {
  const child = spawn(path.join(build, program), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${text}`)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const ready = /ready (http:\S+)/.exec(text);
      if (ready) resolve(ready[1]);
    });
  });
  const stop = async (signal = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  return { url, stop, pid: child.pid };
}
