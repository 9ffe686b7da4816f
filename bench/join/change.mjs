// How long picture and sound stand still while two who talk go over to the server and back, in Chromium on loopback.
//
//   node bench/join/change.mjs [--changes 5] [--fps 30]
//
// A third, who has no browser, comes and leaves. Each change takes turns with as long a time without one. The longest
// time without a new frame on either's screen, and without the other's tone, in milliseconds.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { launchChromium } from '../../tests/e2e/lib/browsers.mjs';
import { pictureGap, sendTone, soundGap, watchPicture, watchSound } from '../../tests/e2e/lib/gauges.mjs';
import { connected, enter } from '../../tests/e2e/lib/meeting.mjs';
import { startServer } from '../../tests/e2e/lib/server.mjs';
import { kSize, pictureMoves, topologyOf } from '../../tests/e2e/lib/sfu.mjs';
import { until } from '../../tests/e2e/lib/wait.mjs';
import { connect } from '../../tests/interop/lib/signalling.mjs';

const { values } = parseArgs({ options: { changes: { type: 'string', default: '5' }, fps: { type: 'string', default: '30' } } });
const kPatience = { timeout: 120_000 };
const kHertz = { Ada: 700, Bob: 1900 };
const kSettles = 1000; // Milliseconds, as are the next two.
const kStill = 3500;
const kAlone = 28_000; // Of the 30 s after which the two go back.

const other = (page) => (page.personName === 'Ada' ? 'Bob' : 'Ada');

// Of all since the last call.
function gaps(pages) {
  return Promise.all(pages.map(async (page) => ({ picture: (await pictureGap(page, other(page))).longest, sound: (await soundGap(page)).longest })));
}

async function gapsOfStill(pages) {
  await pause(kSettles);
  await gaps(pages);
  await pause(kStill);
  return gaps(pages);
}

async function gapsOfChange(pages, topology, changes) {
  const handedOver = (page) =>
    page.evaluate((wanted) => window.parley.log.signalling.entries.filter(({ step }) => step === 'handed-over').length >= wanted, changes);
  for (const page of pages) await topologyOf(page, topology, kPatience);
  for (const page of pages) await until(`${page.personName} to have changed the way`, () => handedOver(page), kPatience);
  return gaps(pages);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const told = (numbers) => `${median(numbers)} (${Math.max(...numbers)})`;

const server = await startServer();
const browser = await launchChromium({ args: [`--use-fake-device-for-media-stream=fps=${values.fps}`] });
try {
  const pages = [];
  for (const name of ['Ada', 'Bob']) pages.push(await enter(browser, server, { name, bypassCSP: true, ...kSize }));
  for (const page of pages) {
    await connected(page, 1, kPatience);
    await pictureMoves(page, other(page));
    await sendTone(page, kHertz[page.personName]);
    await watchPicture(page, other(page));
    await watchSound(page, kHertz[other(page)]);
  }
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
