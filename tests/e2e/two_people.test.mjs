// Two people in one room: the product's main job.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { picturesArrive, playingVideos, received, soundArrives } from './lib/media.mjs';
import { assertNoProblems, connected, enter, press, tileIsGone, tileOf, tiles } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { topologyOf } from './lib/sfu.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 180_000 };
// Well before the 30 seconds that the server keeps the place of who was cut off.
const kAtOnce = { timeout: 10_000 };

async function adaAndBob(t) {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const ada = await enter(browser, server, { name: 'Ada' });
  await tileOf(ada, 'Ada', { matches: (tile) => tile.self === 'true' });
  const bob = await enter(browser, server, { name: 'Bob' });
  await Promise.all([connected(ada, 1), connected(bob, 1)]);
  return { server, browser, ada, bob };
}

test('two people see and hear each other', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  for (const page of [ada, bob]) {
    await picturesArrive(page, 30);
    await soundArrives(page);
    await until('two playing pictures', async () => (await playingVideos(page)).length >= 2);
  }
  await tileOf(ada, 'Bob', { matches: (tile) => tile.video === 'true' && tile.muted === 'false' });
  await tileOf(bob, 'Ada', { matches: (tile) => tile.video === 'true' && tile.muted === 'false' });
  await screenshot(ada, 'two-people');
  assertNoProblems(ada, bob);
});

test('a muted microphone and a closed camera are shown to the other, and come back', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await picturesArrive(ada, 5);

  await press(bob, 'control-mic');
  await tileOf(ada, 'Bob', { matches: (tile) => tile.muted === 'true' });
  await press(bob, 'control-camera');
  await tileOf(ada, 'Bob', { matches: (tile) => tile.video === 'false' });
  await screenshot(ada, 'muted');

  await press(bob, 'control-mic');
  await press(bob, 'control-camera');
  await tileOf(ada, 'Bob', { matches: (tile) => tile.muted === 'false' && tile.video === 'true' });
  await picturesArrive(ada, 10);
  await soundArrives(ada);
  assertNoProblems(ada, bob);
});

test('a muted microphone sends no sound', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await soundArrives(ada);
  await press(bob, 'control-mic');
  await tileOf(ada, 'Bob', { matches: (tile) => tile.muted === 'true' });
  await picturesArrive(ada, 10); // What was on its way has come.
  const before = (await received(ada)).audioEnergy;
  await picturesArrive(ada, 60); // Two seconds and more: the fake microphone beeps each second.
  assert.ok((await received(ada)).audioEnergy - before < 1e-4);
});

test('a shared screen becomes a tile of its own, and goes again', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await press(bob, 'control-screen');
  await tileOf(ada, 'Bob', { source: 'screen' });
  await until('three playing pictures', async () => (await playingVideos(ada)).length >= 3);
  await screenshot(ada, 'screen-share');
  await press(bob, 'control-screen');
  await tileIsGone(ada, 'Bob', { source: 'screen' });
  await picturesArrive(ada, 10); // The camera went on.
  assertNoProblems(ada, bob);
});

test('who leaves is gone at once, and may come again', kLong, async (t) => {
  const { server, browser, ada, bob } = await adaAndBob(t);
  await press(bob, 'control-leave');
  await tileIsGone(ada, 'Bob', kAtOnce);
  await connected(ada, 0);
  const again = await enter(browser, server, { name: 'Bob' });
  await picturesArrive(again, 10);
  await picturesArrive(ada, 10);
  assertNoProblems(ada, bob, again);
});

test('a closed tab leaves no ghost', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  await bob.close();
  await tileIsGone(ada, 'Bob', kAtOnce);
});

test('two tabs of one person are two participants', kLong, async (t) => {
  const { server, browser, ada } = await adaAndBob(t);
  const second = await enter(browser, server, { name: 'Bob' });
  for (const page of [ada, second]) await topologyOf(page, 'sfu');
  await Promise.all([connected(ada, 1), connected(second, 1)]); // Of three each is connected with the server.
  assert.equal((await tiles(ada)).length, 3);
  await picturesArrive(second, 10);
});
