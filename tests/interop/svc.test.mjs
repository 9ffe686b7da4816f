// One encoding that holds several layers (SVC), from a real Chromium: each who watches gets as many of them as the tile shows.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { haveChromium, launchChromium, openPage } from '../e2e/lib/browsers.mjs';
import { startServer } from '../e2e/lib/server.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { SfuPage } from './lib/sfu_side.mjs';

const patience = { timeout: 120_000 }; // A machine that builds beside it is slow, not broken.
const size = { width: 960, height: 540 }; // Of less, Chromium makes fewer than three layers.
const widths = [960, 240, 480, 960];
const frames = 20; // So many more of a size, and it is what there is.

let server;
before(async () => { server = await startServer(); });
after(() => server.close());

// Runs in the page.
const canSend = (mimeType) => RTCRtpSender.getCapabilities('video').codecs.some((codec) => codec.mimeType === mimeType);

// Runs in the page: of pictures, what comes in and what goes out.
async function readPictures() {
  const seen = { width: 0, received: 0, decoded: 0, dropped: 0, losses: 0 };
  for (const one of (await window.me.pc.getStats()).values()) {
    if (one.kind !== 'video') continue;
    if (one.type === 'inbound-rtp' && one.framesDecoded > 0) {
      Object.assign(seen, { width: one.frameWidth, received: one.framesReceived, decoded: one.framesDecoded });
      Object.assign(seen, { dropped: one.framesDropped, losses: one.pliCount + one.firCount, freezes: one.freezeCount });
    }
    if (one.type === 'outbound-rtp' && one.framesSent > 0) {
      Object.assign(seen, { mode: one.scalabilityMode, asked: one.pliCount + one.firCount, keyFrames: one.keyFramesEncoded });
    }
  }
  return seen;
}

const read = (person) => person.page.evaluate(readPictures);
const show = (person, { sid }, width) =>
  person.ask('view', { tiles: [{ sid, source: 'camera', width, height: (width * 9) / 16 }] });

// A while of pictures of that width, or of any, of which none is missing.
async function sees(person, width) {
  const look = async () => {
    const seen = await read(person);
    return seen.decoded > 0 && (width === undefined || seen.width === width) && seen;
  };
  const first = await until(`${person.name} to see ${width}`, look, patience);
  await until(`${person.name} to go on seeing ${width}`, async () => {
    const seen = await look();
    return seen && seen.decoded >= first.decoded + frames && seen.received - seen.decoded - seen.dropped < frames / 4;
  }, patience);
}

async function meet(browser, codec, scalabilityMode) {
  const room = `${codec}-${scalabilityMode}`;
  const people = {};
  for (const name of ['Ada', 'Bob', 'Cy']) {
    const sends = name === 'Ada';
    const encodings = [{ scalabilityMode, maxBitrate: 2_500_000 }];
    const page = await openPage(browser, `${server.url}/healthz`);
    people[name] = await SfuPage.join(page, { room, name, sends, codec, size, encodings, videoSlots: 1 });
    people[name].name = name;
  }
  return people;
}

describe('layers in one encoding', { skip: !haveChromium && 'no Chromium' }, () => {
  for (const [codec, mode] of ['VP9', 'AV1'].flatMap((each) => ['L1T3', 'L3T3', 'L3T3_KEY'].map((mode) => [each, mode]))) {
    test(`${codec}, ${mode}`, async (t) => {
      const browser = await launchChromium({ t });
      const probe = await openPage(browser, `${server.url}/healthz`);
      if (!(await probe.evaluate(canSend, `video/${codec}`))) return t.skip(`this Chromium sends no ${codec}`);
      const { Ada: ada, Bob: bob, Cy: cy } = await meet(browser, codec, mode);
      const whole = mode === 'L1T3' ? undefined : 960; // Of one size, which is as large as the sender's link allows.
      await show(cy, ada, 960);
      for (const width of whole ? widths : []) {
        await show(bob, ada, width);
        await sees(bob, width);
      }
      for (const one of [bob, cy]) await sees(one, whole);
      const [sent, ...seen] = await Promise.all([ada, bob, cy].map(read));
      assert.equal(sent.mode, mode);
      t.diagnostic(`key frames: ${sent.keyFrames}, asked for: ${sent.asked}; who watches: ${JSON.stringify(seen)}`);
      assert.ok(sent.keyFrames < 20, 'larger pictures cost a key frame each, and nothing else does');
      for (const { decoded, losses } of seen) assert.ok(losses < decoded / 20, 'pictures were lost again and again');
    });
  }
});
