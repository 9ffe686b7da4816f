// Each way in which a camera or microphone is not to be had: a plain sentence, and a way on.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, openPage, screenshot } from './lib/browsers.mjs';
import { picturesArrive, watchPeerConnections } from './lib/media.mjs';
import { connected, enter, press, roomState, tileOf } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 120_000 };

const errorText = (page) =>
  until('the lobby to say what is wrong', () =>
    page.evaluate(() => document.querySelector('[data-testid="lobby-error"]')?.textContent?.trim()),
  );

async function openLobby(browser, url, before = () => {}) {
  const page = await openPage(browser);
  await watchPeerConnections(page);
  await before(page);
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  page.personName = 'Bob';
  return page;
}

// From the lobby, with whatever is there, into the call with Ada.
async function joinsAllTheSame(page, browser, server, room) {
  const ada = await enter(browser, server, { room, name: 'Ada' });
  await page.fill('[data-testid="lobby-name"] input, input[data-testid="lobby-name"]', 'Bob');
  await press(page, 'lobby-join');
  await roomState(page, 'joined');
  await tileOf(ada, 'Bob', { matches: (tile) => tile.video === 'false' && tile.muted === 'true' });
  await connected(page, 1);
  await picturesArrive(page, 5);
}

test('permission denied', kLong, async (t) => {
  const server = await startServer({ t });
  // Fake devices exist, but nobody answers the prompt: headless Chromium then denies.
  const browser = await launchChromium({ t, devices: false, args: ['--use-fake-device-for-media-stream'] });
  const page = await openLobby(browser, `${server.url}/room/denied`);
  assert.match(await errorText(page), /allow|permission|blocked/i);
  await page.fill('[data-testid="lobby-name"]', 'Bob');
  assert.match(await page.textContent('[data-testid="lobby-preview"]'), /B.*will not see you/s); // As on a tile.
  await screenshot(page, 'lobby-denied');
  await joinsAllTheSame(page, await launchChromium({ t }), server, 'denied');
});

test('no device', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t, devices: false, args: ['--use-fake-ui-for-media-stream'] });
  const page = await openLobby(browser, `${server.url}/room/none`);
  assert.match(await errorText(page), /no (camera|microphone)|not find|found/i);
  await screenshot(page, 'lobby-no-device');
  await joinsAllTheSame(page, await launchChromium({ t }), server, 'none');
});

test('a camera that another program holds', kLong, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const page = await openLobby(browser, `${server.url}/room/busy`, (p) =>
    p.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('Could not start video source', 'NotReadableError'));
    }),
  );
  assert.match(await errorText(page), /another|in use|busy/i);
  await screenshot(page, 'lobby-busy');
  await joinsAllTheSame(page, browser, server, 'busy');
});

test('a page that is not secure', kLong, async (t) => {
  const server = await startServer({ t });
  const args = ['--host-resolver-rules=MAP meet.test 127.0.0.1'];
  const browser = await launchChromium({ t, args });
  const { port } = new URL(server.url);
  const page = await openLobby(browser, `http://meet.test:${port}/room/insecure`);
  assert.match(await errorText(page), /https/i);
  await screenshot(page, 'lobby-insecure');
  await joinsAllTheSame(page, browser, server, 'insecure');
});
