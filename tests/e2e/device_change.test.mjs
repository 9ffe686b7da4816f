// Devices that change in the middle of a call: chosen anew, pulled out, or taken by a phone call.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { picturesArrive, soundArrives } from './lib/media.mjs';
import { assertNoProblems, connected, enter, press, tileOf } from './lib/meeting.mjs';
import { by, shows, showsNo } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 240_000 };

async function adaAndBob(t) {
  const server = await startServer({ t });
  const browser = await launchChromium({ t, args: ['--use-fake-device-for-media-stream=device-count=2'] });
  const ada = await enter(browser, server, { name: 'Ada' });
  const bob = await enter(browser, server, { name: 'Bob' });
  await Promise.all([connected(ada, 1), connected(bob, 1)]);
  await picturesArrive(ada, 10);
  return { ada, bob };
}

const trackId = (page, kind) => page.evaluate((wanted) => window.parley.media[wanted].track?.id, kind);

// What the system does to a track, which no page can cause: the browser only tells of it.
const happens = (page, kind, event) =>
  page.evaluate(([wanted, name]) => window.parley.media[wanted].track.dispatchEvent(new Event(name)), [kind, event]);

test('another camera and microphone are chosen, and the call goes on by the same connection', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  const [camera, microphone] = [await trackId(bob, 'camera'), await trackId(bob, 'microphone')];
  await bob.keyboard.press('Control+,');
  await shows(bob, 'settings');
  await bob.selectOption(by('settings-camera'), { index: 1 });
  await until('the other camera', async () => (await trackId(bob, 'camera')) !== camera);
  // Chromium shows its second fake camera, but never encodes what it gives: back to the first.
  const second = await trackId(bob, 'camera');
  await bob.selectOption(by('settings-camera'), { index: 0 });
  await until('the first camera again', async () => ![camera, second].includes(await trackId(bob, 'camera')));
  await bob.selectOption(by('settings-microphone'), { index: 1 });
  await until('the other microphone', async () => (await trackId(bob, 'microphone')) !== microphone);
  await press(bob, 'dialog-close');
  await picturesArrive(ada, 20);
  await soundArrives(ada);
  await Promise.all([connected(ada, 1), connected(bob, 1)]);
  assertNoProblems(ada, bob);
});

test('a headset that is pulled out is replaced, and its owner is told', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  const microphone = await trackId(bob, 'microphone');
  await happens(bob, 'microphone', 'ended');
  await until('another microphone', async () => ![microphone, undefined].includes(await trackId(bob, 'microphone')));
  await shows(bob, 'toast');
  await soundArrives(ada);
  await tileOf(ada, 'Bob', { matches: (tile) => tile.muted === 'false' });
  assertNoProblems(ada, bob);
});

test('one tap brings back what a phone call has taken', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await happens(bob, 'microphone', 'mute');
  await shows(bob, 'interrupted');
  await tileOf(ada, 'Bob', { matches: (tile) => tile.muted === 'true' });
  await screenshot(bob, 'interrupted');
  await press(bob, 'interrupted');
  await showsNo(bob, 'interrupted');
  await tileOf(ada, 'Bob', { matches: (tile) => tile.muted === 'false' });
  await soundArrives(ada);
  assert.equal(await bob.evaluate(() => window.parley.media.interrupted), false);
  assertNoProblems(ada, bob);
});
