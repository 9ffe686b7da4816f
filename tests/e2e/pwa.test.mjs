// Parley as an installed app: what Chromium asks of it, what shows without the server, and how a new
// version comes.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { chromium } from 'playwright-core';

import { launchChromium, openPage, screenshot } from './lib/browsers.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 180_000 };

// The worker comes some seconds after the page.
const workerIsThere = (page) =>
  until('the service worker to control the page', () => page.evaluate(() => navigator.serviceWorker.controller !== null), {
    timeout: 40_000,
  });

// Chromium installs nothing in a window that forgets: it takes a profile of its own.
async function launchProfile(t) {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-profile-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.PARLEY_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-first-run', '--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  t.after(async () => {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  });
  return context;
}

test('Chromium would install it', kLong, async (t) => {
  const server = await startServer({ t });
  const context = await launchProfile(t);
  const page = await context.newPage();
  await page.goto(server.url);
  const session = await context.newCDPSession(page);
  const { url, errors, data } = await session.send('Page.getAppManifest');
  assert.equal(url, `${server.url}/manifest.webmanifest`);
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.deepEqual([manifest.name, manifest.display, manifest.start_url], ['Parley', 'standalone', '/']);
  for (const { src, sizes, type } of manifest.icons) {
    const answer = await fetch(server.url + src);
    assert.deepEqual([answer.status, answer.headers.get('Content-Type')], [200, type], src);
    if (type === 'image/png') assert.equal(await pngSize(answer), sizes);
  }
  await workerIsThere(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors, []);
});

// PNG: the width and height are the first fields of its first chunk.
async function pngSize(answer) {
  const bytes = new DataView(await answer.arrayBuffer());
  return `${bytes.getUint32(16)}x${bytes.getUint32(20)}`;
}

test('without the server there is a page that says so, and goes on when it is back', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await openPage(await launchChromium({ t }), server.url);
  await workerIsThere(page);
  await server.restart({
    meanwhile: async () => {
      await page.goto(`${server.url}/account`, { waitUntil: 'domcontentloaded' });
      await page.waitForSelector('[data-testid="offline"]');
      assert.match(await page.textContent('h1'), /out of reach/);
      await screenshot(page, 'offline');
      const kept = await page.evaluate(async () => {
        const caches = await Promise.all((await window.caches.keys()).map((name) => window.caches.open(name)));
        const requests = await Promise.all(caches.map((cache) => cache.keys()));
        return requests.flat().map(({ url }) => new URL(url).pathname);
      });
      assert.ok(kept.length > 0 && kept.every((file) => file === '/offline.html' || file.startsWith('/assets/offline-')), kept.join());
    },
  });
  await page.waitForSelector('[data-testid="account"]', { timeout: 30_000 });
});

test('a new version is offered, and taken by one click', kLong, async (t) => {
  const server = await startServer({ t });
  const front = await startFront(t, server);
  const page = await openPage(await launchChromium({ t }), front.url);
  await workerIsThere(page);
  assert.equal(await page.$('[data-testid="update-reload"]'), null);
  front.release('// The next version.');
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await page.waitForSelector('[data-testid="update-reload"]');
  await screenshot(page, 'new-version');
  await page.evaluate(() => (window.isOld = true));
  await page.click('[data-testid="update-reload"]');
  await until('the page to be new', () => page.evaluate(() => window.isOld === undefined && document.readyState === 'complete'));
  await until('nothing to wait any more', () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting === null),
  );
});

// Passes everything on to the server, but adds to the service worker's text what was released.
async function startFront(t, server) {
  let addition = '';
  const front = http.createServer((request, response) => {
    const { hostname, port } = new URL(server.url);
    const passed = http.request(
      { hostname, port, path: request.url, method: request.method, headers: { ...request.headers, 'accept-encoding': 'identity' } },
      (answer) => {
        if (request.url !== '/sw.js') {
          response.writeHead(answer.statusCode, answer.headers);
          answer.pipe(response);
          return;
        }
        const { 'content-length': _, etag: __, ...headers } = answer.headers;
        response.writeHead(answer.statusCode, headers);
        answer.on('data', (part) => response.write(part));
        answer.on('end', () => response.end(`\n${addition}`));
      },
    );
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  await new Promise((resolve) => front.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    front.close();
    front.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${front.address().port}`, release: (text) => (addition = text) };
}
