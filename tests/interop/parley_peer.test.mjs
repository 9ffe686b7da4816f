// Parley's own peer connection with everybody else's, whoever offers: data channels of every kind, and sound and
// picture both ways.
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { haveChromium, haveFirefox, launchChromium, launchFirefox } from '../e2e/lib/browsers.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { call, pagePeer, startPeer } from './lib/peer.mjs';

const browsers = {
  chromium: { skip: !haveChromium && 'no Chromium', launch: (t) => launchChromium({ t }) },
  firefox: { skip: !haveFirefox && 'no Firefox', launch: (t) => launchFirefox({ t }) },
};
// `longest` is what they say in SDP that they take, or less.
const others = {
  parley: { longest: 262_144, start: (t) => startPeer(t, 'parley') },
  chromium: { longest: 200_000, ...browsers.chromium, start: async (t) => pagePeer(await browsers.chromium.launch(t), 'chromium') },
  firefox: { longest: 200_000, ...browsers.firefox, start: async (t) => pagePeer(await browsers.firefox.launch(t), 'firefox') },
  gstreamer: { longest: 65_536, start: (t) => startPeer(t, 'gstreamer') },
  aiortc: { longest: 65_536, start: (t) => startPeer(t, 'aiortc') },
  pion: { longest: 65_535, start: (t) => startPeer(t, 'pion') }, // It says nothing of it, and reads no more.
};

// Every kind of channel that the W3C's API can ask for.
const kinds = [
  { label: 'reliable' },
  { label: 'unordered', ordered: false },
  { label: 'twice more', maxRetransmits: 2 },
  { label: 'once', ordered: false, maxRetransmits: 0 },
  { label: 'for a second', ordered: false, maxPacketLifeTime: 1000 },
  { label: 'spoken', protocol: 'chat.example' },
];

const descriptions = (peer) => peer.events.filter(({ event }) => event === 'description');
const fragments = (peer) => descriptions(peer).map(({ sdp }) => /a=ice-ufrag:(\S+)/.exec(sdp)[1]);

let spoken = 0;

// Each way, text and bytes, of sizes that take one packet and many.
async function exchange(one, other, label, longest) {
  const bytes = Buffer.alloc(longest, `Parley ${spoken} `).toString('base64');
  for (const [from, to] of [[one, other], [other, one]]) {
    const text = `${from.name} says: grüß Gott 👋 ${++spoken}`;
    await from.say('send', { label, text });
    await to.message(label, (message) => message.text === text);
    const few = Buffer.from([0, 1, spoken & 255]).toString('base64');
    await from.say('send', { label, base64: few });
    await to.message(label, ({ base64 }) => base64 === few);
    await from.say('send', { label, base64: bytes });
    await to.message(label, ({ base64 }) => base64 === bytes);
  }
}

for (const [name, { skip, start, longest }] of Object.entries(others)) {
  for (const first of name === 'parley' ? ['parley'] : ['parley', name]) {
    const pair = async (t) => {
      const [ours, theirs] = [await startPeer(t, 'parley'), await start(t)];
      const offerers = first === 'parley' ? [ours, theirs] : [theirs, ours];
      return { ours, theirs, offerers };
    };

    test(`data channels of every kind, ${first} offers: parley and ${name}`, { skip }, async (t) => {
      const { ours, theirs, offerers } = await pair(t);
      const agreed = { label: 'agreed', negotiated: true, id: 40 }; // Not a word of it on the wire.
      await offerers[1].say('channel', agreed);
      await call(...offerers, { kinds: [], channels: [...kinds, agreed] });
      for (const { label, ordered = true, protocol = '' } of kinds) {
        for (const peer of offerers) {
          const opened = await peer.heard('channel', (event) => event.label === label);
          assert.equal(opened.remote, peer !== offerers[0]);
          assert.equal(opened.ordered, ordered);
          assert.equal(opened.protocol, protocol);
        }
        await exchange(...offerers, label, label === 'reliable' ? longest : 5_000);
      }
      for (const peer of offerers) {
        const opened = await peer.heard('channel', (event) => event.label === 'agreed');
        assert.deepEqual([opened.id, opened.remote], [40, false]);
      }
      await exchange(...offerers, 'agreed', 5_000);
      await theirs.say('channel', { label: 'later' }); // From the other side, once connected.
      const [, later] = await Promise.all([theirs, ours].map((peer) => peer.heard('channel', (event) => event.label === 'later')));
      assert.ok(later.remote);
      await exchange(ours, theirs, 'later', 5_000);
      await ours.say('closeChannel', { label: 'later' });
      await theirs.heard('channelClosed', (event) => event.label === 'later');
      await ours.heard('channelClosed', (event) => event.label === 'later');
      assert.deepEqual([await ours.close(), await theirs.close()], [0, 0]);
    });

    test(`sound and picture both ways, ${first} offers: parley and ${name}`, { skip }, async (t) => {
      const { ours, theirs, offerers } = await pair(t);
      await call(...offerers);
      for (const peer of [ours, theirs]) for (const kind of ['audio', 'video']) await peer.framesCome(kind, 60);
      assert.deepEqual([await ours.close(), await theirs.close()], [0, 0]);
    });
  }
}

for (const name of ['chromium', 'firefox', 'pion']) { // The others cannot.
  const { skip, start } = others[name];
  test(`a call with ${name} goes on after each side has restarted ICE`, { skip }, async (t) => {
    const [ours, theirs] = [await startPeer(t, 'parley'), await start(t)];
    await call(ours, theirs, { channels: [{ label: 'x' }] });
    for (const peer of [ours, theirs]) await peer.heard('channel', ({ label }) => label === 'x');
    for (const [one, other] of [[ours, theirs], [theirs, ours]]) {
      const [before] = fragments(one).slice(-1);
      const answers = descriptions(other).length;
      await one.say('offer', { iceRestart: true });
      await until('an answer', () => descriptions(other).length > answers, { timeout: 30_000 });
      assert.notEqual(fragments(one).at(-1), before);
      const [audio, video] = ['audio', 'video'].map((kind) => ours.stats().then((stats) => stats[kind].framesReceived));
      await Promise.all([ours.framesCome('audio', (await audio) + 50), ours.framesCome('video', (await video) + 25)]);
      await exchange(ours, theirs, 'x', 5_000);
    }
    assert.deepEqual([await ours.close(), await theirs.close()], [0, 0]);
  });
}

for (const [name, { skip, launch }] of Object.entries(browsers)) {
  test(`three layers of a simulcast come from ${name}`, { skip }, async (t) => {
    const [ours, theirs] = [await startPeer(t, 'parley'), await pagePeer(await launch(t), name)];
    await theirs.say('track', { kind: 'video', simulcast: true });
    await call(theirs, ours, { kinds: [] });
    await until('frames of each layer', async () => {
      const { layers } = await ours.stats();
      return ['q', 'h', 'f'].every((rid) => layers[rid] > 10);
    }, { timeout: 30_000, interval: 200 });
    assert.deepEqual([await ours.close(), await theirs.close()], [0, 0]);
  });
}
