// @parley/client as a stranger gets it: packed by `npm pack`, unpacked, bundled into a plain page of another
// origin, and in a call.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { launchChromium, openPage } from './lib/browsers.mjs';
import { picturesArrive, soundArrives, watchPeerConnections } from './lib/media.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const run = promisify(execFile);
const web = fileURLToPath(new URL('../../web/', import.meta.url));
const { build } = createRequire(path.join(web, 'package.json'))('esbuild');

const kHtml = '<!doctype html><title>Stranger</title><script type="module" src="/page.js"></script>';
// The README's example, with the server and the person from the address.
const kPage = `
import { join, LocalMedia } from '@parley/client';

const { url, name } = Object.fromEntries(new URLSearchParams(location.search));
const media = new LocalMedia();
void media.start({ microphone: true, camera: true });
const room = join({ url, room: 'packed', name, media });
room.on('track', ({ participant, source, track }) => {
  if (!track) return document.getElementById(participant.sid + source)?.remove();
  const element = Object.assign(document.createElement(track.kind), { autoplay: true, playsInline: true });
  element.id = participant.sid + source;
  element.srcObject = new MediaStream([track]);
  document.body.append(element);
});
room.files.on('offer', ({ id }) => room.files.accept(id));
window.room = room;
await room.ready;
`;

// Packs a copy, so that nothing is written beside the sources, and installs the tarball in `folder`.
async function installPacked(folder) {
  const copy = path.join(folder, 'source');
  await mkdir(copy);
  await cp(path.join(web, 'tsconfig.base.json'), path.join(copy, 'tsconfig.base.json'));
  await cp(path.join(web, 'sdk'), path.join(copy, 'sdk'), {
    recursive: true,
    filter: (file) => !/\/(dist|node_modules)$/.test(file),
  });
  await symlink(path.join(web, 'node_modules'), path.join(copy, 'node_modules'));
  await run('npm', ['pack', '--pack-destination', folder], { cwd: path.join(copy, 'sdk') });
  const modules = path.join(folder, 'node_modules');
  await mkdir(path.join(modules, '@parley'), { recursive: true });
  await run('tar', ['-xzf', path.join(folder, 'parley-client-0.1.0.tgz'), '-C', folder]);
  await run('mv', [path.join(folder, 'package'), path.join(modules, '@parley/client')]);
  // Its one dependency, as npm would put it beside.
  await symlink(path.join(web, 'node_modules/socket.io-client'), path.join(modules, 'socket.io-client'));
  return path.join(modules, '@parley/client');
}

async function bundled(folder) {
  const entry = path.join(folder, 'page.js');
  await writeFile(entry, kPage);
  const { outputFiles } = await build({
    ...{ entryPoints: [entry], bundle: true, format: 'esm', target: 'es2022', write: false, logLevel: 'silent' },
  });
  return outputFiles[0].text;
}

async function servePage(t, script) {
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : kHtml);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

test('the packed client, in a page of another origin', { timeout: 240_000 }, async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-sdk-'));
  t.after(() => rm(folder, { recursive: true, force: true }));

  const installed = await installPacked(folder);
  const { types, main } = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8'));
  assert.match(await readFile(path.join(installed, types), 'utf8'), /export \{ join/);
  assert.match(await readFile(path.join(installed, main), 'utf8'), /export \{ join/);

  const origin = await servePage(t, await bundled(folder));
  const config = path.join(folder, 'parley.toml');
  await writeFile(config, `[http]\nallowed_origins = ["${origin}"]\n`);
  const server = await startServer({ t, args: ['--config', config] });
  const browser = await launchChromium({ t });
  const come = async (name) => {
    const page = await openPage(browser);
    await watchPeerConnections(page);
    await page.goto(`${origin}/?url=${encodeURIComponent(server.url)}&name=${name}`);
    await until(`${name} to be in`, () => page.evaluate(() => window.room?.state === 'joined'), { timeout: 60_000 });
    return page;
  };
  const ada = await come('Ada');
  const bob = await come('Bob');

  await t.test('shows and carries people to each other', async () => {
    await Promise.all([picturesArrive(ada), picturesArrive(bob), soundArrives(ada), soundArrives(bob)]);
    const pictures = await ada.evaluate(() => document.querySelectorAll('video').length);
    assert.equal(pictures, 1);
  });

  await t.test('sends a file from one browser to the other', async () => {
    await bob.evaluate(() => {
      const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 31) % 251);
      window.room.files.send(new File([bytes], '../plan.bin'));
    });
    const transfer = (page) => page.evaluate(() => ({ ...window.room.files.transfers[0], blob: undefined }));
    await until('the file to be sent', async () => (await transfer(bob)).state === 'done', { timeout: 60_000 });
    const { state, name, bytes } = await transfer(ada);
    assert.deepEqual({ state, name, bytes }, { state: 'done', name: 'plan.bin', bytes: 3_000_000 });
    const arrivedWhole = await ada.evaluate(async () => {
      const bytes = new Uint8Array(await window.room.files.transfers[0].blob.arrayBuffer());
      return bytes.every((byte, index) => byte === (index * 31) % 251);
    });
    assert.ok(arrivedWhole);
    await Promise.all([picturesArrive(ada), picturesArrive(bob)]); // The call went on meanwhile.
  });

  assert.deepEqual([...ada.problems, ...bob.problems], []);
});
