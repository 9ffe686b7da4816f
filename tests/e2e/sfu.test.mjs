// Meetings whose sound and picture go over the server: one connection and one offer each, whatever happens.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { picturesArrive, soundArrives } from './lib/media.mjs';
import { assertNoProblems, connected, enter, press, tileIsGone, tileOf } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { kPatience, kSize, offersToServer, pictureMoves, topologyOf } from './lib/sfu.mjs';
import { until } from './lib/wait.mjs';

test('three people see and hear each other by one connection and one offer each', { timeout: 300_000 }, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const names = ['Ada', 'Bob', 'Cleo'];
  const query = '&topology=sfu';
  const pages = [];
  for (const name of names) pages.push(await enter(browser, server, { name, query, ...kSize }));
  const [ada, bob, cleo] = pages;

  for (const page of pages) {
    await topologyOf(page, 'sfu');
    await connected(page, 1, kPatience);
    for (const name of names) await tileOf(page, name, { matches: (tile) => tile.video === 'true', ...kPatience });
    for (const name of names.filter((other) => other !== page.personName)) await pictureMoves(page, name);
    await soundArrives(page, kPatience);
  }
  await screenshot(ada, 'sfu-three');
  const room = await (await fetch(`${server.url}/api/rooms/x`)).json();
  assert.equal(room.topology, 'sfu');

  // A camera that goes and comes, and a picture that one does not want to see, are no reason for an offer.
  await press(bob, 'control-camera');
  await tileOf(ada, 'Bob', { matches: (tile) => tile.video === 'false', ...kPatience });
  await press(bob, 'control-camera');
  await pictureMoves(ada, 'Bob');
  await press(cleo, 'control-leave');
  await tileIsGone(ada, 'Cleo', kPatience);
  for (const page of [ada, bob]) assert.equal(await offersToServer(page), 1, page.personName);
  assertNoProblems(ada, bob);
});

test('the third person brings the room onto the server, and nobody stops moving', { timeout: 300_000 }, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const ada = await enter(browser, server, { name: 'Ada', ...kSize });
  const bob = await enter(browser, server, { name: 'Bob', ...kSize });
  for (const page of [ada, bob]) await connected(page, 1, kPatience);
  await pictureMoves(ada, 'Bob');
  assert.equal(await ada.evaluate(() => window.parley.topology), 'p2p');

  const cleo = await enter(browser, server, { name: 'Cleo', ...kSize });
  for (const page of [ada, bob, cleo]) await topologyOf(page, 'sfu');
  for (const page of [ada, bob, cleo]) await connected(page, 1, kPatience); // The old ways are closed.
  for (const name of ['Bob', 'Cleo']) await pictureMoves(ada, name);
  for (const page of [ada, bob, cleo]) await soundArrives(page, kPatience);

  // Thirty seconds after they are two again, they are connected with each other.
  await press(cleo, 'control-leave');
  for (const page of [ada, bob]) await topologyOf(page, 'p2p');
  for (const page of [ada, bob]) await connected(page, 1, kPatience);
  const way = () => ada.evaluate(() => [...window.parley.participants.values()].map(({ link }) => link.way).join());
  await until('Ada to have Bob straight from him', async () => (await way()) === 'direct', kPatience);
  await picturesArrive(ada, 5, kPatience);
  assertNoProblems(ada, bob);
});
