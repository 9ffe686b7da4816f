// The link of one who watches becomes narrow, and wide again: a real Chromium behind a real bottleneck.
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { chromium } from 'playwright-core';

import { haveChromium } from '../e2e/lib/browsers.mjs';
import { binary, startServerBy } from '../e2e/lib/server.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { Internet, serverAddress, whyNoNarrowWay } from './lib/netns.mjs';
import { SfuPage } from './lib/sfu_side.mjs';

const skip = (!haveChromium && 'no Chromium') || whyNoNarrowWay() || false;
const patience = { timeout: 120_000 };
// What is promised is 3 s and 5 s; a machine that builds beside it takes its time.
const fall = 10_000;
const rise = 15_000;
const full = 320; // Of a picture of 640x360 Chromium sends the two smaller encodings.

// Runs in the page: a camera that sees noise, which costs what the encoder may spend, and a microphone that hears a tone.
function takeNoiseForCamera() {
  const [small, canvas] = [[80, 45], [640, 360]].map(([width, height]) => Object.assign(document.createElement('canvas'), { width, height }));
  const dots = small.getContext('2d').createImageData(80, 45);
  const draw = () => {
    for (let i = 0; i < dots.data.length; ++i) dots.data[i] = i % 4 === 3 ? 255 : Math.random() * 256;
    small.getContext('2d').putImageData(dots, 0, 0);
    canvas.getContext('2d').drawImage(small, 0, 0, 640, 360);
  };
  draw();
  setInterval(draw, 66);
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const sound = context.createMediaStreamDestination();
    const tone = new OscillatorNode(context);
    tone.connect(sound);
    tone.start();
    return new MediaStream([...canvas.captureStream(15).getTracks(), ...sound.stream.getTracks()]);
  };
}

// Runs in the page: the larger encoding is more than the narrow link carries.
async function limitEncodings() {
  const sender = window.me.pc.getSenders().find(({ track }) => track?.kind === 'video');
  const parameters = sender.getParameters();
  parameters.encodings.forEach((each, i) => { each.maxBitrate = [180_000, 1_000_000, 1_000_000][i]; });
  await sender.setParameters(parameters);
}

// Runs in the page: notes ten times a second what arrives.
function keepLog() {
  window.log = [];
  setInterval(async () => {
    const entry = { at: performance.now(), width: 0, frames: 0, sounds: 0, soundsLost: 0 };
    for (const one of (await window.me.pc.getStats()).values()) {
      if (one.type !== 'inbound-rtp') continue;
      if (one.kind === 'video' && one.framesDecoded > 0) Object.assign(entry, { width: one.frameWidth, frames: one.framesDecoded });
      if (one.kind === 'audio') {
        entry.sounds += one.packetsReceived;
        entry.soundsLost += one.packetsLost;
      }
    }
    window.log.push(entry);
  }, 100);
}

async function openAt(t, internet, place) {
  const browser = await chromium.launch({
    executablePath: await internet.programAt(t, place, '/usr/bin/chromium'),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--ignore-certificate-errors',
      '--autoplay-policy=no-user-gesture-required'],
  });
  t.after(() => browser.close());
  return async () => {
    const page = await browser.newPage();
    // Chromium breaks it off where it has only now noticed its network.
    await until('the page', () => page.goto(`https://${serverAddress}/healthz`), patience);
    return page;
  };
}

async function watcher(open, name) {
  const person = await SfuPage.join(await open(), { room: 'narrow', name, sends: false, videoSlots: 1 });
  await person.page.evaluate(keepLog);
  return person;
}

const logOf = ({ page }) => page.evaluate(() => window.log);
const widthAt = async (person) => (await logOf(person)).at(-1)?.width;

// The longest time without a new frame.
function longestFreeze(log) {
  let [longest, last] = [0, log[0]];
  for (const entry of log) {
    if (entry.frames === last.frames) longest = Math.max(longest, entry.at - last.at);
    else last = entry;
  }
  return longest;
}

test('a link that falls to 400 kbit/s gets a smaller picture and keeps its sound', { skip, timeout: 400_000 }, async (t) => {
  const internet = new Internet(t);
  await startServerBy(await internet.programAt(t, 'server', binary), {
    t, listen: `${serverAddress}:80`, args: ['--https', `${serverAddress}:443`, '--media', `${serverAddress}:0`],
  });
  const [near, far] = [await openAt(t, internet, 'lan1'), await openAt(t, internet, 'lan2')];
  const sending = await near();
  await sending.evaluate(takeNoiseForCamera);
  await SfuPage.join(sending, { room: 'narrow', name: 'Ada' });
  await sending.evaluate(limitEncodings);
  const [wide, narrow] = [await watcher(near, 'Bob'), await watcher(far, 'Eve')];
  const takes = async (what, person, condition) => {
    const began = performance.now();
    await until(what, async () => condition(await widthAt(person)), patience);
    return performance.now() - began;
  };
  const isFull = (width) => width === full;
  for (const person of [wide, narrow]) await takes('the large picture', person, isFull);

  const [before, ofWide] = [await logOf(narrow), await logOf(wide)];
  internet.narrow(2, { kbps: 400, queue: 300 });
  const fell = await takes('a smaller picture', narrow, (width) => width < full);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  const log = (await logOf(narrow)).slice(before.length);
  const sounds = log.at(-1).sounds - before.at(-1).sounds;
  const lost = log.at(-1).soundsLost - before.at(-1).soundsLost;
  assert.ok((await widthAt(narrow)) < full);
  const meanwhile = (await logOf(wide)).slice(ofWide.length);
  const kept = meanwhile.filter(({ width }) => isFull(width)).length / meanwhile.length;
  assert.ok(kept > 0.5, `the others keep theirs: ${kept}`); // All the time, on a machine that has time for them.

  internet.widen(2);
  const rose = await takes('the large picture again', narrow, isFull);
  t.diagnostic(`smaller after ${Math.round(fell)} ms, stood still for ${Math.round(longestFreeze(log))} ms, the others full for ${Math.round(kept * 100)}%, ` +
    `${lost} of ${sounds + lost} sounds lost; large again after ${Math.round(rose)} ms`);
  assert.ok(fell < fall, `${fell} ms`);
  assert.ok(rose < rise, `${rose} ms`);
  assert.ok(sounds > 300 && lost < sounds * 0.1, `${lost} of ${sounds}`);
});
