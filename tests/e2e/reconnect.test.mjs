// What people keep when the server, or the way to it, goes away in mid-call.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { picturesArrive } from './lib/media.mjs';
import { connected, enter, participantId, press, roomState, tileOf, tiles } from './lib/meeting.mjs';
import { startProxy } from './lib/proxy.mjs';
import { startServer } from './lib/server.mjs';
import { pictureMoves, topologyOf } from './lib/sfu.mjs';

const kLong = { timeout: 240_000 };

// The peer connections that the page has ever made: none may be made anew by a reconnect.
const connectionsMade = (page) => page.evaluate(() => window.parleyTestConnections.length);

for (const signal of ['SIGTERM', 'SIGKILL']) {
  test(`the picture goes on while the server restarts (${signal})`, kLong, async (t) => {
    const server = await startServer({ t });
    const browser = await launchChromium({ t });
    const ada = await enter(browser, server, { name: 'Ada' });
    await tileOf(ada, 'Ada');
    const bob = await enter(browser, server, { name: 'Bob' });
    await Promise.all([connected(ada, 1), connected(bob, 1)]);
    await picturesArrive(ada, 10);
    const before = [await participantId(ada), await participantId(bob)];
    const made = [await connectionsMade(ada), await connectionsMade(bob)];

    await server.restart({
      signal,
      meanwhile: async () => {
        await roomState(ada, 'reconnecting');
        await picturesArrive(ada, 20); // With no server at all.
        await screenshot(ada, `reconnecting-${signal.toLowerCase()}`);
      },
    });
    await Promise.all([roomState(ada, 'joined'), roomState(bob, 'joined')]);

    assert.deepEqual([await participantId(ada), await participantId(bob)], before);
    await picturesArrive(ada, 20);
    await picturesArrive(bob, 20);
    assert.deepEqual([await connectionsMade(ada), await connectionsMade(bob)], made);

    // Signalling is back: what one does now, the other sees; who comes now is let in, and all are moved to the server.
    await press(bob, 'control-mic');
    await tileOf(ada, 'Bob', { matches: (tile) => tile.muted === 'true' });
    const cleo = await enter(browser, server, { name: 'Cleo' });
    for (const page of [ada, bob, cleo]) await topologyOf(page, 'sfu');
    await Promise.all([ada, bob, cleo].map((page) => connected(page, 1)));
    for (const name of ['Ada', 'Bob']) await pictureMoves(cleo, name);
  });
}

test('a cut network is bridged: the same participant comes back, and no ghost stays', kLong, async (t) => {
  const server = await startServer({ t });
  const proxy = await startProxy({ t, server });
  const browser = await launchChromium({ t });
  const ada = await enter(browser, server, { name: 'Ada' });
  await tileOf(ada, 'Ada');
  const bob = await enter(browser, proxy, { name: 'Bob' });
  await Promise.all([connected(ada, 1), connected(bob, 1)]);
  const sid = await participantId(bob);
  const made = await connectionsMade(bob);

  proxy.cut();
  await roomState(bob, 'reconnecting');
  await tileOf(ada, 'Bob', { matches: (tile) => tile.away === 'true' });
  await picturesArrive(ada, 20); // Media does not pass the server.
  await press(ada, 'control-mic'); // He learns of it when he is back.
  await screenshot(bob, 'network-cut');

  proxy.mend();
  await roomState(bob, 'joined');
  assert.equal(await participantId(bob), sid);
  await tileOf(ada, 'Bob', { matches: (tile) => tile.away !== 'true' });
  await tileOf(bob, 'Ada', { matches: (tile) => tile.muted === 'true' });
  assert.equal((await tiles(ada)).length, 2);
  await picturesArrive(bob, 20);
  assert.equal(await connectionsMade(bob), made);
});
