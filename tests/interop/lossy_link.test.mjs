// The link of one who listens loses packets: the server then passes on what RED repeats, in a real Chromium.
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { haveChromium } from '../e2e/lib/browsers.mjs';
import { adaSends } from './lib/bad_link.mjs';
import { whyNoNetns } from './lib/netns.mjs';
import { SfuPage } from './lib/sfu_side.mjs';

const skip = (!haveChromium && 'no Chromium') || whyNoNetns() || false;
const percent = 10;
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

// Runs in the page: of the voice that plays.
async function readSound() {
  for (const one of (await window.me.pc.getStats()).values()) {
    if (one.type !== 'inbound-rtp' || one.kind !== 'audio' || !one.packetsReceived) continue;
    const { packetsReceived, packetsLost, bytesReceived, concealedSamples, totalSamplesReceived } = one;
    return { packetsReceived, packetsLost, bytesReceived, concealedSamples, totalSamplesReceived };
  }
  throw new Error('nothing is heard');
}

// What is so within so many seconds.
async function listen({ page }, seconds) {
  const before = await page.evaluate(readSound);
  await pause(seconds);
  const after = await page.evaluate(readSound);
  const [packets, lost, bytes, concealed, samples] = Object.keys(after).map((name) => after[name] - before[name]);
  return { lost: lost / (packets + lost), packet: bytes / packets, concealed: concealed / samples };
}

test(`who loses ${percent} packets of 100 hears nearly all`, { skip, timeout: 400_000 }, async (t) => {
  const { internet, far } = await adaSends(t, { room: 'lossy', red: true });
  const eve = await SfuPage.join(await far(), { room: 'lossy', name: 'Eve', sends: false, videoSlots: 1, red: true });
  await pause(3);

  const calm = await listen(eve, 5);
  internet.lossy(2, percent);
  await pause(5); // The server is told about once a second.
  const lossy = await listen(eve, 15);
  const tell = ({ lost, packet, concealed }) =>
    `${(lost * 100).toFixed(1)}% lost, ${(concealed * 100).toFixed(1)}% made up, ${Math.round(packet)} bytes a packet`;
  t.diagnostic(`before: ${tell(calm)}; then: ${tell(lossy)}`);
  assert.ok(lossy.lost > percent / 200, 'the link loses packets');
  assert.ok(lossy.packet > calm.packet * 1.4, 'each packet repeats the one before it, but only then');
  assert.ok(lossy.concealed < lossy.lost / 2, 'what is lost is heard nevertheless');
});
