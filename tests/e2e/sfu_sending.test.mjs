// What is sent to the server, and what it passes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { launchChromium } from './lib/browsers.mjs';
import { received, soundArrives } from './lib/media.mjs';
import { assertNoProblems, enter, press, tileOf } from './lib/meeting.mjs';
import { by, choose } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { framesSent, kPatience, pictureMoves } from './lib/sfu.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 300_000 };
const kSmall = { width: 480, height: 420 };
const kMedium = { width: 960, height: 600 };
const kLarge = { width: 1400, height: 900 };

async function adaAndBob(t, size = kSmall) {
  const server = await startServer({ t });
  const browser = await launchChromium({ t });
  const query = '&topology=sfu';
  const ada = await enter(browser, server, { name: 'Ada', query, ...size });
  const bob = await enter(browser, server, { name: 'Bob', query, ...size });
  for (const [page, name] of [[ada, 'Bob'], [bob, 'Ada']]) await pictureMoves(page, name);
  return { ada, bob };
}

// Sends sound as somebody would who does not care what the page, or the host, says. Returns how many packets left.
function talkOn(page) {
  return page.evaluate(async () => {
    const senders = window.parleyTestConnections
      .filter(({ connectionState }) => connectionState === 'connected')
      .flatMap((connection) => connection.getTransceivers())
      .filter(({ direction, receiver }) => direction === 'sendonly' && receiver.track.kind === 'audio')
      .map(({ sender }) => sender);
    const context = new AudioContext();
    const out = new MediaStreamAudioDestinationNode(context);
    const tone = new OscillatorNode(context, { frequency: 600 });
    tone.connect(out);
    tone.start();
    await senders[0].replaceTrack(out.stream.getAudioTracks()[0]);
    const sent = async () => [...(await senders[0].getStats()).values()].find(({ type }) => type === 'outbound-rtp').packetsSent;
    const before = await sent();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    return (await sent()) - before;
  });
}

test('whom a host mutes is not heard, even if the page goes on sending', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t, kMedium);
  await soundArrives(ada, kPatience);
  await choose(ada, 'Bob', 'person-mute');
  await tileOf(ada, 'Bob', { matches: ({ muted }) => muted === 'true' });
  await pause(500); // What was on its way has come.
  const before = await received(ada);
  const sent = await talkOn(bob);
  const after = await received(ada);
  t.diagnostic(`${sent} packets were sent, ${after.audioPackets - before.audioPackets} came`);
  assert.ok(sent > 50, `${sent} packets were sent`);
  assert.equal(after.audioPackets, before.audioPackets);
  assert.ok(after.frames > before.frames, 'the picture goes on');

  await press(bob, 'control-mic');
  await soundArrives(ada, kPatience);
  assertNoProblems(ada, bob);
});

// Waits until the large encoding of Bob's camera is sent, or is not; how long that took, in milliseconds.
async function largeIs(page, wanted) {
  const began = performance.now();
  await until(
    `the large picture ${wanted ? 'to be sent' : 'to rest'}`,
    async () => {
      const before = await framesSent(page);
      await pause(700);
      const after = await framesSent(page);
      return (after.f?.frames ?? 0) > (before.f?.frames ?? 0) === wanted;
    },
    kPatience,
  );
  return Math.round(performance.now() - began);
}

test('what nobody shows large is not sent large, until somebody does', kLong, async (t) => {
  const { ada, bob } = await adaAndBob(t);
  t.diagnostic(`rests after ${await largeIs(bob, false)} ms`);
  await pictureMoves(ada, 'Bob');

  await ada.setViewportSize(kLarge);
  await ada.locator(`${by('tile')}[data-name="Bob"] ${by('tile-pin')}`).press('Enter');
  t.diagnostic(`sent again after ${await largeIs(bob, true)} ms`);
  const width = () => ada.$eval(`${by('tile')}[data-name="Bob"] video[data-shown]`, (video) => video.videoWidth);
  const { f } = await framesSent(bob);
  await until('the large picture', async () => (await width()) > 640, kPatience);
  t.diagnostic(`shown ${await width()} wide, sent ${f.width}`);

  await ada.setViewportSize(kSmall);
  t.diagnostic(`rests again after ${await largeIs(bob, false)} ms`);
  await pictureMoves(ada, 'Bob');
  assertNoProblems(ada, bob);
});
