// How long picture and sound stand still while two who talk go over to the server and back, in Chromium on loopback.
//
//   node bench/join/change.mjs [--changes 5] [--fps 30]
//
// A third, who has no browser, comes and leaves. Each change takes turns with as long a time without one. The longest
// time without a new frame on either's screen, and without the other's tone, in milliseconds.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { launchChromium } from '../../tests/e2e/lib/browsers.mjs';
import { startServer } from '../../tests/e2e/lib/server.mjs';
import { topologyOf } from '../../tests/e2e/lib/sfu.mjs';
import { enterTwo, gaps, handedOver } from '../../tests/e2e/lib/two_who_talk.mjs';
import { connect } from '../../tests/interop/lib/signalling.mjs';

const { values } = parseArgs({ options: { changes: { type: 'string', default: '5' }, fps: { type: 'string', default: '30' } } });
const kPatience = { timeout: 120_000 };
const kSettles = 1000; // Milliseconds, as are the next two.
const kStill = 3500;
const kAlone = 28_000; // Of the 30 s after which the two go back.

const longest = (seen) => Object.values(seen).map(({ picture, sound }) => ({ picture: picture.longest, sound: sound.longest }));

async function gapsOfStill(pages) {
  await pause(kSettles);
  await gaps(pages);
  await pause(kStill);
  return longest(await gaps(pages));
}

async function gapsOfChange(pages, topology, changes) {
  for (const page of pages) await topologyOf(page, topology, kPatience);
  for (const page of pages) await handedOver(page, changes, kPatience);
  return longest(await gaps(pages));
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const told = (numbers) => `${median(numbers)} (${Math.max(...numbers)})`;

const server = await startServer();
const browser = await launchChromium({ args: [`--use-fake-device-for-media-stream=fps=${values.fps}`] });
try {
  const pages = await enterTwo(browser, server, kPatience);
  const room = new URL(pages[0].url()).pathname.split('/').pop();
  const seen = { 'peer to peer, no change': [], 'to the server': [], 'by the server, no change': [], back: [] };
  for (let i = 0; i < Number(values.changes); ++i) {
    seen['peer to peer, no change'].push(...(await gapsOfStill(pages)));
    const third = await connect(server.url);
    await third.join(room, 'Cleo', { micinf: false, vidinf: false });
    seen['to the server'].push(...(await gapsOfChange(pages, 'sfu', 2 * i + 1)));
    seen['by the server, no change'].push(...(await gapsOfStill(pages)));
    await third.ask('leave');
    await third.close();
    await pause(kAlone);
    await gaps(pages);
    seen.back.push(...(await gapsOfChange(pages, 'p2p', 2 * i + 2)));
  }
  console.log('| | picture, ms: median (most) | sound |\n|---|---|---|');
  for (const [phase, all] of Object.entries(seen)) {
    console.log(`| ${phase} | ${told(all.map(({ picture }) => picture))} | ${told(all.map(({ sound }) => sound))} |`);
  }
} finally {
  await browser.close();
  await server.close();
}
