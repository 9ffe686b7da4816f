// Two who talk are moved to the server when a third comes, and back: what they see and hear of it. The third has no browser,
// which would take the processor from the two while it starts.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connect } from '../interop/lib/signalling.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { assertNoProblems } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { topologyOf } from './lib/sfu.mjs';
import { enterTwo, gaps, handedOver } from './lib/two_who_talk.mjs';

// Where nobody else uses the machine it is 100 ms. Here two browsers encode on two cores, beside whatever else runs:
// what stood still for so long before is no fault of the change.
const noticed = (before) => 500 + 8 * before;
const kPatience = { timeout: 120_000 };

test('pictures and voices go on while the way changes, to the server and back', { timeout: 300_000 }, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const pages = await enterTwo(browser, server, kPatience);
  const [ada, bob] = pages;
  const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  await pause(2); // The browsers settle.
  await gaps(pages);
  await pause(4);
  const still = await gaps(pages);

  const cleo = await connect(server.url);
  await cleo.join(new URL(ada.url()).pathname.split('/').pop(), 'Cleo', { micinf: false, vidinf: false });
  for (const page of pages) await topologyOf(page, 'sfu', kPatience);
  for (const page of pages) await handedOver(page, 1, kPatience);
  const toServer = await gaps(pages);
  await gaps(pages);
  await pause(4);
  const byServer = await gaps(pages);

  await cleo.ask('leave');
  await cleo.close();
  await pause(26); // It takes 30 s of being alone.
  await gaps(pages);
  for (const page of pages) await topologyOf(page, 'p2p', kPatience);
  for (const page of pages) await handedOver(page, 2, kPatience);
  const back = await gaps(pages);

  const phases = { 'peer to peer': still, 'to the server': toServer, 'by the server': byServer, back };
  for (const [phase, seen] of Object.entries(phases)) {
    for (const [name, { picture, sound }] of Object.entries(seen)) {
      t.diagnostic(
        `${phase}, ${name}: picture still for ${picture.longest} ms at most (${picture.frames} frames), ` +
          `sound away for ${sound.longest} ms (heard ${sound.heard})`,
      );
    }
  }
  for (const seen of [toServer, back]) {
    for (const [name, { picture, sound }] of Object.entries(seen)) {
      assert.ok(picture.frames > 10 && picture.longest < noticed(still[name].picture.longest), `${name} saw a picture stand still`);
      assert.ok(sound.heard > 500 && sound.longest < noticed(still[name].sound.longest), `${name} heard nothing for long`);
    }
  }
  assertNoProblems(ada, bob);
});
