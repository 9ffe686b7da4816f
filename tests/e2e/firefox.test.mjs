// Chromium and Firefox ESR in one call.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, launchFirefox, screenshot } from './lib/browsers.mjs';
import { picturesArrive, slowCameras, soundArrives } from './lib/media.mjs';
import { connected, enter, press, tileIsGone, tileOf } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { kPatience, offersToServer, topologyOf } from './lib/sfu.mjs';
import { until } from './lib/wait.mjs';

for (const [first, second] of [['chromium', 'firefox'], ['firefox', 'chromium']]) {
  test(`${first} is there, ${second} comes and calls`, { timeout: 240_000 }, async (t) => {
    const server = await startServer({ t });
    const browsers = { chromium: await launchChromium({ t }), firefox: await launchFirefox({ t }) };
    const ada = await enter(browsers[first], server, { name: 'Ada' });
    await tileOf(ada, 'Ada');
    const bob = await enter(browsers[second], server, { name: 'Bob' });
    await Promise.all([connected(ada, 1), connected(bob, 1)]);
    for (const page of [ada, bob]) {
      await picturesArrive(page, 15);
      await soundArrives(page);
    }
    await press(bob, 'control-camera');
    await tileOf(ada, 'Bob', { matches: (tile) => tile.video === 'false' });
    await press(bob, 'control-camera');
    await tileOf(ada, 'Bob', { matches: (tile) => tile.video === 'true' });
    await picturesArrive(ada, 15);
    await screenshot(ada, `${first}-and-${second}`);
  });
}

// Headless Firefox has no screen, and its fake devices know cameras and microphones alone. So a
// canvas stands for what the person would have chosen; all that follows is Firefox's own.
function shareACanvas() {
  const canvas = document.createElement('canvas');
  canvas.width = 1280;
  canvas.height = 720;
  const context = canvas.getContext('2d');
  let hue = 0;
  setInterval(() => {
    context.fillStyle = `hsl(${(hue += 7)} 80% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }, 50);
  navigator.mediaDevices.getDisplayMedia = () => Promise.resolve(canvas.captureStream(20));
}

// Wide enough for all buttons.
const kMedium = { width: 960, height: 600 };

// Firefox counts no frames of an element that shows a stream, so that its decoders are asked.
async function sees(page, name, source = 'camera') {
  const tile = `[data-testid="tile"][data-name="${name}"][data-source="${source}"]`;
  await page.waitForSelector(`${tile} video[data-shown]`, kPatience);
  await picturesArrive(page, 10, kPatience);
}

for (const [first, second] of [['chromium', 'firefox'], ['firefox', 'chromium']]) {
  test(`${first} is there, ${second} comes, and the server is between them`, { timeout: 240_000 }, async (t) => {
    const server = await startServer({ t });
    const browsers = { chromium: await launchChromium({ t }), firefox: await launchFirefox({ t }) };
    const query = '&topology=sfu';
    const ada = await enter(browsers[first], server, { name: 'Ada', query, ...kMedium });
    await tileOf(ada, 'Ada');
    const bob = await enter(browsers[second], server, { name: 'Bob', query, ...kMedium });
    for (const [page, name] of [[ada, 'Bob'], [bob, 'Ada']]) {
      await topologyOf(page, 'sfu');
      await connected(page, 1, kPatience);
      await sees(page, name);
      await soundArrives(page, kPatience);
    }
    await press(bob, 'control-camera');
    await tileOf(ada, 'Bob', { matches: (tile) => tile.video === 'false' });
    await press(bob, 'control-camera');
    await sees(ada, 'Bob');

    await bob.evaluate(shareACanvas);
    await press(bob, 'control-screen');
    await sees(ada, 'Bob', 'screen');
    await screenshot(ada, `${first}-and-${second}-sfu`);
    await press(bob, 'control-screen');
    await tileIsGone(ada, 'Bob', { source: 'screen' });
    await sees(ada, 'Bob');
    // Firefox finds no address before it may use the camera, where there is no default route, and offers once more then.
    const [one, two] = await Promise.all([ada, bob].map(offersToServer));
    assert.equal(first === 'chromium' ? one : two, 1);
  });
}

// How many of the page's incoming pictures have moved.
const picturesSeen = (page) => page.evaluate(async () => {
  let seen = 0;
  for (const connection of window.parleyTestConnections) {
    if (connection.connectionState === 'closed') continue;
    for (const report of (await connection.getStats()).values()) {
      if (report.type === 'inbound-rtp' && report.kind === 'video' && report.framesDecoded > 10) seen += 1;
    }
  }
  return seen;
});

for (const [count, names] of [['three', ['Ada', 'Bob', 'Cleo']], ['six', ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve', 'Fay']]]) {
  test(`${count} people by the server, with Firefox and Chromium in turn`, { timeout: 600_000 }, async (t) => {
    const server = await startServer({ t });
    const browsers = [await launchFirefox({ t }), await launchChromium({ t })];
    const pages = [];
    for (const [i, name] of names.entries()) {
      pages.push(await enter(browsers[i % 2], server, { name, query: '&topology=sfu', prepare: slowCameras, ...kMedium }));
      await topologyOf(pages[i], 'sfu', kPatience);
    }
    for (const page of pages) {
      await connected(page, 1, kPatience);
      await page.bringToFront(); // Behind others a page draws nothing.
      for (const name of names) await page.waitForSelector(`[data-testid="tile"][data-name="${name}"] video[data-shown]`, kPatience);
      await until(`${page.personName} to see the others`, async () => (await picturesSeen(page)) >= names.length - 1, kPatience);
      await soundArrives(page, kPatience);
    }
    await pages[0].bringToFront();
    await screenshot(pages[0], `firefox-among-${count}`);
  });
}

test('Firefox shares a screen with Chromium, and stops', { timeout: 240_000 }, async (t) => {
  const server = await startServer({ t });
  const ada = await enter(await launchChromium({ t }), server, { name: 'Ada' });
  const bob = await enter(await launchFirefox({ t }), server, { name: 'Bob' });
  await Promise.all([connected(ada, 1), connected(bob, 1)]);
  await bob.evaluate(shareACanvas);
  await press(bob, 'control-screen');
  await tileOf(ada, 'Bob', { source: 'screen' });
  await picturesArrive(ada, 15);
  const shown = await ada.waitForSelector('[data-testid="tile"][data-source="screen"] video[data-shown]');
  // Whole, and in its shape. A busy encoder may send it smaller, as 960 by 540.
  const [width, height] = await shown.evaluate((video) => [video.videoWidth, video.videoHeight]);
  assert.ok(width >= 320 && width <= 1280, `${width} wide`);
  assert.ok(Math.abs(width / height - 1280 / 720) < 0.01, `${width} by ${height}`);
  await screenshot(ada, 'firefox-shares');
  await press(bob, 'control-screen');
  await tileIsGone(ada, 'Bob', { source: 'screen' });
});

test('Firefox says so when there is no screen to share, and the call goes on', { timeout: 240_000 }, async (t) => {
  const server = await startServer({ t });
  const bob = await enter(await launchFirefox({ t }), server, { name: 'Bob' });
  await tileOf(bob, 'Bob');
  await press(bob, 'control-screen');
  const toast = await bob.waitForSelector('[data-testid="toast"]', { timeout: 30_000 });
  assert.match(await toast.evaluate((element) => element.textContent), /screen/i);
  await tileOf(bob, 'Bob', { matches: (tile) => tile.muted === 'false' });
});
