// The database as an operator knows it: one server a directory, backups while it runs, restoring.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { binary, startServer } from '../e2e/lib/server.mjs';

// Runs it to its end.
function run(...args) {
  return new Promise((resolve) => {
    execFile(binary, args, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });
}

test('a second server on the same directory is refused', async (t) => {
  const server = await startServer({ t });
  const data = server.dataFolder;
  const second = await run('serve', '--listen', '127.0.0.1:0', '--https', 'off', '--stun', 'off', '--data', data);
  assert.equal(second.code, 1);
  assert.equal(second.stderr, `parley: ${data} is in use by another Parley; give each its own by --data.\n`);
  await server.restart({ signal: 'SIGKILL' }); // What died holds no lock.
});

test('a backup of a running server is one whole, private file', async (t) => {
  const server = await startServer({ t });
  const data = server.dataFolder;
  const copy = path.join(data, 'copy.db');
  const backup = await run('backup', copy, '--data', data);
  assert.deepEqual(backup, { code: 0, stdout: `${copy} holds the database of ${data}.\n`, stderr: '' });
  assert.equal((await stat(copy)).mode & 0o777, 0o600);
  assert.deepEqual((await readdir(data)).filter((name) => name.startsWith('copy')), ['copy.db']);

  const again = await run('backup', copy, '--data', data);
  assert.equal(again.code, 1);
  assert.equal(again.stderr, `parley: ${copy} is there already, and is not overwritten.\n`);

  await server.stop();
  await copyFile(copy, path.join(data, 'parley.db'));
  await server.start();
});

test('without a database there is nothing to back up, and nothing is made', async (t) => {
  const server = await startServer({ t });
  const data = server.dataFolder;
  await server.stop();
  await rm(path.join(data, 'parley.db'));
  const backup = await run('backup', path.join(data, 'copy.db'), '--data', data);
  assert.equal(backup.code, 1);
  assert.equal(backup.stderr, `parley: ${path.join(data, 'parley.db')} cannot be read: No such file or directory.\n`);
  assert.deepEqual((await readdir(data)).filter((name) => name.endsWith('.db')), []);
});
