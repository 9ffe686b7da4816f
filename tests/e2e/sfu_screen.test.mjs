// A shared screen is read, not watched: it comes by the server as large and as sharp as it was captured.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { assertNoProblems, enter, press } from './lib/meeting.mjs';
import { by } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { kPatience, pictureMoves } from './lib/sfu.mjs';
import { until } from './lib/wait.mjs';

const kScreen = { width: 1280, height: 720 };
// What the pattern is measured in; the rest moves, so that there are frames.
const kPattern = { x: 0, y: 0, width: 640, height: 360 };

// In place of the screen that a person would have chosen: a checkerboard whose squares are one pixel, which is finer than any
// text, and beside it a square that moves.
function shareAPattern({ screen, pattern }) {
  const canvas = Object.assign(document.createElement('canvas'), screen);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, screen.width, screen.height);
  const image = context.createImageData(pattern.width, pattern.height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; ++i) {
    const isWhite = (i + Math.floor(i / pattern.width)) % 2 === 0;
    pixels[i] = isWhite ? 0xffffffff : 0xff000000;
  }
  context.putImageData(image, pattern.x, pattern.y);
  let step = 0;
  setInterval(() => {
    step = (step + 8) % 200;
    context.fillStyle = '#fff';
    context.fillRect(700, 400, 300, 100);
    context.fillStyle = '#06c';
    context.fillRect(700 + step, 400, 64, 64);
  }, 100);
  const stream = canvas.captureStream(10);
  window.sharedTrack = stream.getVideoTracks()[0];
  navigator.mediaDevices.getDisplayMedia = () => Promise.resolve(stream);
}

// How much neighbours differ where the pattern is: 1 as it was drawn, 0 where it has become a grey. And how large the picture is.
function sharpness(page, pattern) {
  return page.evaluate(
    ([selector, { x, y, width, height }]) => {
      const video = document.querySelector(selector);
      if (!video?.videoWidth) return undefined;
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
      const context = canvas.getContext('2d');
      context.drawImage(video, 0, 0);
      const { data } = context.getImageData(x, y, width, height);
      let sum = 0;
      for (let i = 4; i < data.length; i += 4) sum += Math.abs(data[i] - data[i - 4]);
      return { contrast: sum / 255 / (width * height), width: video.videoWidth, height: video.videoHeight };
    },
    [`${by('tile')}[data-name="Bob"][data-source="screen"] video[data-shown]`, pattern],
  );
}

// What the page sends of the track that it shares, and how it was told to.
function sending(page) {
  return page.evaluate(async () => {
    const senders = window.parleyTestConnections
      .filter(({ connectionState }) => connectionState === 'connected')
      .flatMap((connection) => connection.getSenders());
    const sender = senders.find(({ track }) => track === window.sharedTrack);
    const reports = [...(await sender.getStats()).values()].filter(({ type }) => type === 'outbound-rtp');
    return {
      hint: sender.track.contentHint,
      full: sender.getParameters().encodings.find(({ rid }) => rid === 'f'),
      sent: reports.find(({ rid }) => rid === 'f'),
    };
  });
}

test('a shared screen comes as large and as sharp as it was captured', { timeout: 300_000 }, async (t) => {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const ada = await enter(browser, server, { name: 'Ada', query: '&topology=sfu', width: 1400, height: 900 });
  const bob = await enter(browser, server, { name: 'Bob', query: '&topology=sfu', width: 960, height: 600 });
  await pictureMoves(ada, 'Bob');
  for (const page of [ada, bob]) await press(page, 'control-camera'); // The processor is for what is tested.

  await bob.evaluate(shareAPattern, { screen: kScreen, pattern: kPattern });
  await press(bob, 'control-screen');
  const shown = await until(
    'the screen to be sharp',
    async () => {
      const now = await sharpness(ada, kPattern);
      return now?.width === kScreen.width && now.contrast > 0.8 && now;
    },
    kPatience,
  );
  t.diagnostic(`${shown.width}x${shown.height}, contrast ${shown.contrast.toFixed(2)}`);
  assert.deepEqual([shown.width, shown.height], [kScreen.width, kScreen.height]);

  const { hint, full, sent } = await sending(bob);
  assert.ok(['detail', 'text'].includes(hint), `the track is for ${hint}`);
  assert.equal(full.scaleResolutionDownBy, 1);
  assert.deepEqual([sent.frameWidth, sent.frameHeight], [kScreen.width, kScreen.height]);
  await screenshot(ada, 'sfu-screen');
  assertNoProblems(ada, bob);
});
