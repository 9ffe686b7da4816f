// The peers with one another, before ours is put beside them: what fails here is not Parley's fault.
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { haveChromium, haveFirefox, launchChromium, launchFirefox } from '../e2e/lib/browsers.mjs';
import { call, pagePeer, startPeer } from './lib/peer.mjs';

// Nobody else can answer aiortc's offer, and Pion cannot tell the media of GStreamer's answer apart: no SSRC is in it.
const pairs = [['gstreamer', 'gstreamer'], ['gstreamer', 'aiortc'], ['gstreamer', 'pion'], ['pion', 'aiortc'], ['pion', 'pion']];
for (const [one, other] of pairs) {
  test(`${one} calls ${other}`, async (t) => {
    const [a, b] = [await startPeer(t, one), await startPeer(t, other)];
    await call(a, b, { channels: [{ label: 'x', ordered: false, maxRetransmits: 2 }] });
    await Promise.all([a, b].map((peer) => peer.heard('channel', ({ label }) => label === 'x')));
    await a.say('send', { label: 'x', text: 'from a' });
    await b.message('x', ({ text }) => text === 'from a');
    for (const peer of [a, b]) for (const kind of ['audio', 'video']) await peer.framesCome(kind, 20);
    assert.deepEqual([await a.close(), await b.close()], [0, 0]);
  });
}

const browsers = {
  chromium: { skip: !haveChromium && 'no Chromium', launch: (t) => launchChromium({ t }) },
  firefox: { skip: !haveFirefox && 'no Firefox', launch: (t) => launchFirefox({ t }) },
};

for (const [name, { skip, launch }] of Object.entries(browsers)) {
  test(`${name} talks to the programs, whoever offers`, { skip }, async (t) => {
    const browser = await launch(t);
    const orders = ['gstreamer', 'aiortc', 'pion'].flatMap((program) => [[name, program], [program, name]]);
    for (const [first, second] of orders) {
      const page = await pagePeer(browser, name);
      const program = await startPeer(t, first === name ? second : first);
      await call(...(first === name ? [page, program] : [program, page]), { channels: [{ label: 'x' }] });
      for (const peer of [page, program]) {
        await peer.heard('channel', ({ label }) => label === 'x');
        for (const kind of ['audio', 'video']) await peer.framesCome(kind, 20);
      }
      await page.say('send', { label: 'x', base64: 'AAEC' });
      await program.message('x', ({ base64 }) => base64 === 'AAEC');
      assert.deepEqual([await page.close(), await program.close()], [0, 0]);
    }
  });
}
