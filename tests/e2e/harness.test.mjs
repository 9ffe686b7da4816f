// The harness itself: both browsers start with fake devices, and a call within one page carries
// pictures and sound. No server is needed, so when this fails, the machine is at fault.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, launchFirefox, openPage, screenshot } from './lib/browsers.mjs';
import { picturesArrive, soundArrives, watchPeerConnections } from './lib/media.mjs';
import { until, within } from './lib/wait.mjs';

// Two connections in one page, and nothing of ours in between.
async function callWithinThePage() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  b.ontrack = ({ streams }) => {
    const video = document.querySelector('video');
    video.srcObject = streams[0];
    video.play();
  };
  for (const track of stream.getTracks()) a.addTrack(track, stream);
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
}

for (const [name, launch] of [['chromium', launchChromium], ['firefox', launchFirefox]]) {
  test(`${name} sends fake pictures and sound to itself`, { timeout: 120_000 }, async (t) => {
    const page = await openPage(await launch({ t }));
    await watchPeerConnections(page);
    // getUserMedia needs a secure origin; no server is asked: the answer is made here.
    await serveEmptyPage(page);
    await page.evaluate(callWithinThePage);
    assert.ok((await picturesArrive(page)).frames >= 10);
    assert.ok((await soundArrives(page)).audioEnergy > 0);
    await screenshot(page, `harness-${name}`);
  });
}

async function serveEmptyPage(page) {
  const { createServer } = await import('node:http');
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><video></video>');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  server.closeAllConnections();
  server.close();
}

test('until() names what it waited for', async () => {
  await assert.rejects(
    until('the sky to fall', () => false, { timeout: 60, interval: 10 }),
    /waited 60 ms for the sky to fall; last: false/,
  );
  assert.equal(await until('two', async () => 2), 2);
});

test('within() passes a value on, and gives up in time', async () => {
  assert.equal(await within(1000, 'a value', Promise.resolve(7)), 7);
  await assert.rejects(within(20, 'never', new Promise(() => {})), /waited 20 ms for never/);
});
