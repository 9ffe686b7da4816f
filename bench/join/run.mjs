// From the opened link to the first frame of the other person, in Chromium on loopback.
//
//   node bench/join/run.mjs [--runs 10] [--topology p2p|sfu]
//
// Ada is in the room; how sound and picture travel there, auto by default, she asks for.
// Bob opens /room/x?name=Bob&join=1 in a fresh context (no cache), and the page
// itself notes when each step was reached (performance.mark). One warm-up run is not counted. Each context
// is a window, and Chromium's own pages in it load for a while: the link is opened when that is over.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { launchChromium, openPage } from '../../tests/e2e/lib/browsers.mjs';
import { startServer } from '../../tests/e2e/lib/server.mjs';
import { until } from '../../tests/e2e/lib/wait.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10' }, topology: { type: 'string', default: 'auto' } } });
const kRoom = `room/x?topology=${values.topology}&join=1`;
const kWindowLoads = 1500; // Milliseconds.
const kSteps = ['navigation', 'media', 'joined', 'offer', 'connected', 'first-frame'];
const kMeanings = {
  navigation: "the page's first script runs",
  media: 'camera and microphone are there',
  joined: 'the server has let us in',
  offer: 'the offer is sent',
  connected: 'ICE and DTLS are through',
  'first-frame': 'the first remote frame is shown',
};

function steps(page) {
  return page.evaluate((names) => {
    const at = (name) => performance.getEntriesByName(`parley:${name}`, 'mark')[0]?.startTime;
    return at('first-frame') && Object.fromEntries(names.map((name) => [name, at(name)]));
  }, kSteps);
}

async function joinOnce(browser, url) {
  const page = await openPage(browser);
  await pause(kWindowLoads);
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  const reached = await until('the first remote frame', () => steps(page), { timeout: 60_000 });
  await page.close();
  await page.context().close();
  return reached;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const server = await startServer();
const ada = await launchChromium();
const bob = await launchChromium();
try {
  const there = await openPage(ada, `${server.url}/${kRoom}&name=Ada`);
  await until('Ada to be in', () => there.evaluate(() => window.parley?.state === 'joined'));
  const runs = [];
  for (let run = -1; run < Number(values.runs); ++run) {
    const reached = await joinOnce(bob, `${server.url}/${kRoom}&name=Bob`);
    await until('Bob to be gone', () => there.evaluate(() => window.parley.participants.size === 0));
    if (run >= 0) runs.push(reached);
  }
  console.log(`link opened to first remote frame, ms, ${runs.length} runs`);
  console.log('step          min  median     max');
  for (const step of kSteps) {
    const all = runs.map((reached) => reached[step]).filter((at) => at !== undefined); // A device may come later.
    const row = [Math.min(...all), median(all), Math.max(...all)].map((ms) => ms.toFixed(0).padStart(7));
    console.log(`${step.padEnd(11)}${row.join(' ')}   ${kMeanings[step]}`);
  }
} finally {
  await ada.close();
  await bob.close();
  await server.close();
}
