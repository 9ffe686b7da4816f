// Programs that publish into a meeting by WHIP (RFC 9725), or play it by WHEP: a real browser's, and the other stacks'.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import assert from 'node:assert/strict';

import { haveChromium, launchChromium, openPage } from '../e2e/lib/browsers.mjs';
import { codecsReceived, soundArrives } from '../e2e/lib/media.mjs';
import { enter, roomState, tileIsGone } from '../e2e/lib/meeting.mjs';
import { openPanel } from '../e2e/lib/panels.mjs';
import { kOneStream, startServer } from '../e2e/lib/server.mjs';
import { kPatience, pictureMoves, topologyOf } from '../e2e/lib/sfu.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { startPeer } from './lib/peer.mjs';
import { connect } from './lib/signalling.mjs';
import { SfuPage } from './lib/sfu_side.mjs';
import { exchange, kOffer, post, WhipPage } from './lib/whip_side.mjs';

const patience = 120_000; // A machine that builds beside it is slow, not broken.
const frames = 30;

let server;
let friend; // Another site, whose pages may connect.
before(async () => {
  friend = await startServer();
  const config = path.join(tmpdir(), `parley-whip-${process.pid}.toml`);
  await writeFile(config, `[http]\nallowed_origins = ["${friend.url}"]\n`);
  server = await startServer({ args: ['--config', config, '--workers', '2', ...kOneStream] });
});
after(() => Promise.all([server.close(), friend.close()]));

const room = async (name) => (await fetch(`${server.url}/api/rooms/${name}`)).json();
// Of all labels.
const sum = async (name) => {
  const page = await (await fetch(`${server.url}/metrics`)).text();
  return [...page.matchAll(new RegExp(`^${name}(?:{.*})? (.*)$`, 'gm'))].reduce((all, [, value]) => all + Number(value), 0);
};
const metric = (sample) => sum(`parley_whip_${sample}`);

describe('a browser', { skip: !haveChromium && 'no Chromium' }, () => {
  test('of another site publishes and plays, beside a person of the meeting', async (t) => {
    const browser = await launchChromium({ t });
    const open = async (kind, options) =>
      WhipPage.open(await openPage(browser, `${friend.url}/healthz`), { url: `${server.url}/${kind}`, ...options });
    const ada = await enter(browser, server, { room: 'stage', name: 'Ada' });
    await roomState(ada, 'joined', kPatience);
    const camera = await open('whip/stage?name=Camera%201', { publishes: true });
    assert.match(camera.headers.etag, /^"[\w-]+"$/);
    assert.match(camera.headers.link, /<stun:[^>]+>; rel="ice-server"/);

    // The room has come over the server for the program's sake.
    await topologyOf(ada, 'sfu');
    await pictureMoves(ada, 'Camera 1');
    await soundArrives(ada, kPatience);
    await openPanel(ada, 'people');
    await ada.waitForSelector('[data-testid="person"][data-name="Camera 1"] >> text=Streaming program');

    // One follows who speaks, one the person, one the camera; each stream comes as one.
    const players = [];
    for (const query of ['', '?show=Ada', '?show=Camera%201']) players.push(await open(`whep/stage${query}`));
    for (const player of players) {
      const seen = await until('a player to see and hear', async () => {
        const stats = await player.stats();
        return stats.frames >= frames && stats.audio > 0 && stats;
      }, { timeout: patience });
      assert.equal(seen.streams.length, 1);
    }

    // ICE restarts on both sides: what flows goes on to flow.
    for (const [program, key] of [[camera, 'sent'], [players[2], 'frames']]) {
      const before = await program.stats();
      const etag = await program.restart();
      assert.notEqual(etag, program.headers.etag);
      await until('more than before the restart', async () => {
        const stats = await program.stats();
        return stats.state === 'connected' && stats[key] > before[key] + frames;
      }, { timeout: patience });
    }
    await pictureMoves(ada, 'Camera 1');

    for (const program of [camera, ...players]) assert.equal(await program.end(), 200);
    assert.deepEqual((await room('stage')).participants.map(({ name }) => name), ['Ada']);
    assert.equal(await metric('open'), 0);
    await tileIsGone(ada, 'Camera 1', kPatience);
    assert.deepEqual(ada.problems, []);
  });

  // As OBS does, whose first rid is the picture as it is.
  test('that offers its largest encoding first is shown by the one that fits', async (t) => {
    const browser = await launchChromium({ t });
    const camera = await WhipPage.open(await openPage(browser, `${server.url}/healthz`), {
      url: `${server.url}/whip/falling?name=Camera`, publishes: true, size: { width: 960, height: 540 },
      encodings: [{ rid: '0' }, { rid: '1', scaleResolutionDownBy: 2 }, { rid: '2', scaleResolutionDownBy: 4 }],
    });
    const viewers = [];
    for (const name of ['Ada', 'Bob']) {
      viewers.push(await SfuPage.join(await openPage(browser, `${server.url}/healthz`), { room: 'falling', name, sends: false, videoSlots: 1 }));
    }
    const { sid } = viewers[0].participants.find(({ name }) => name === 'Camera');
    const show = (viewer, width) =>
      viewer.ask('view', { tiles: [{ sid, source: 'camera', width, height: (width * 9) / 16 }] });
    const shows = (viewer, width) => until(`a viewer to see ${width}`, async () => (await viewer.width()) === width, { timeout: patience });
    for (const [one, other] of [[240, 960], [480, 240], [960, 480]]) {
      assert.deepEqual(await Promise.all([show(viewers[0], one), show(viewers[1], other)]), [{ ok: true }, { ok: true }]);
      await Promise.all([shows(viewers[0], one), shows(viewers[1], other)]);
    }
    assert.equal(await camera.end(), 200);
  });

  test('that goes without a word is missed soon', async (t) => {
    const browser = await launchChromium({ t });
    const page = await openPage(browser, `${server.url}/healthz`);
    const camera = await WhipPage.open(page, { url: `${server.url}/whip/gone`, publishes: true });
    await until('it to send', async () => (await camera.stats()).sent > 0, { timeout: patience });
    await page.close();
    await until('its session to end', async () => (await fetch(camera.session)).status === 404, { timeout: patience });
    assert.deepEqual((await room('gone')).participants, []);
  });
});

// What OBS sends if nobody tells it otherwise.
test('H.264 comes to the pages of a meeting, and to players', { skip: !haveChromium && 'no Chromium' }, async (t) => {
  const browser = await launchChromium({ t });
  const ada = await enter(browser, server, { room: 'h264', name: 'Ada' });
  await roomState(ada, 'joined', kPatience);
  const [publisher, player] = [await startPeer(t, 'gstreamer'), await startPeer(t, 'gstreamer')];
  await exchange(publisher, `${server.url}/whip/h264?name=Studio`, { codec: 'H264' });
  await pictureMoves(ada, 'Studio');
  const codecs = await codecsReceived(ada);
  assert.ok(codecs.includes('video/H264'), codecs.join());
  await exchange(player, `${server.url}/whep/h264?show=Studio`, { codec: 'H264' });
  for (const kind of ['audio', 'video']) await player.framesCome(kind, frames);
  assert.deepEqual([await publisher.close(), await player.close()], [0, 0]);
  assert.deepEqual(ada.problems, []);
});

// aiortc does not ask for a key frame that came before it was ready: GStreamer sends them by itself.
for (const [one, other] of [['aiortc', 'gstreamer'], ['gstreamer', 'aiortc']]) {
  test(`${one} publishes, and ${other} plays it`, async (t) => {
    const [publisher, player] = [await startPeer(t, one), await startPeer(t, other)];
    const published = await exchange(publisher, `${server.url}/whip/${one}?name=Camera`);
    const played = await exchange(player, `${server.url}/whep/${one}`);
    for (const kind of ['audio', 'video']) await player.framesCome(kind, frames);
    for (const session of [published, played]) assert.equal((await fetch(session, { method: 'DELETE' })).status, 200);
    assert.deepEqual([await publisher.close(), await player.close()], [0, 0]);
  });
}

test('a player is sent everyone in one picture and one sound', async (t) => {
  const [publisher, player] = [await startPeer(t, 'gstreamer'), await startPeer(t, 'gstreamer')];
  const published = await exchange(publisher, `${server.url}/whip/all?name=Camera`);
  await exchange(player, `${server.url}/whep/all?view=all`);
  await until('the room to be mixed, and encoded once', async () => await sum('parley_mcu_pictures_encoded_total') > frames, { timeout: patience });
  for (const kind of ['audio', 'video']) await player.framesCome(kind, frames);
  // What is mixed goes on without who was in it.
  await fetch(published, { method: 'DELETE' });
  await until('the publisher to be gone', async () => (await room('all')).participants.length === 1, { timeout: patience });
  const before = (await player.stats()).video.framesReceived;
  await player.framesCome('video', before + frames);
  assert.deepEqual([await publisher.close(), await player.close()], [0, 0]);
});

describe('what a session is told', () => {
  test('by curl, as the documentation has it', async () => {
    const offer = path.join(tmpdir(), `parley-offer-${process.pid}.sdp`);
    await writeFile(offer, kOffer);
    const curl = async (...args) => (await promisify(execFile)('curl', ['-sS', '-i', ...args])).stdout;
    const created = await curl(`${server.url}/whip/curl?name=Camera%201`, '-H', 'Content-Type: application/sdp',
      '--data-binary', `@${offer}`);
    assert.match(created, /^HTTP\/1\.1 201 Created\r\n/);
    assert.match(created, /\r\n\r\nv=0\r\n/);
    assert.match(created, /a=recvonly/);
    // RFC 8839, 5.1.
    const candidates = created.match(/^a=candidate.*?(?=\r$)/gm);
    for (const line of candidates) {
      assert.match(line, /^a=candidate:[\w+/]{1,32} 1 (udp|tcp) \d+ 127\.0\.0\.1 \d+ typ host( tcptype passive)?$/);
    }
    assert.equal(candidates.length, 2);
    // RFC 9725, 4.4.1: as it was offered.
    assert.equal(created.match(/^a=rtcp-mux-only\r$/gm).length, 1);
    const url = server.url + created.match(/^Location: (\S+)/m)[1];
    const fragment = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=end-of-candidates\r\n';
    const patch = (etag) => curl('-X', 'PATCH', url, '-H', `If-Match: ${etag}`,
      '-H', 'Content-Type: application/trickle-ice-sdpfrag', '--data-binary', fragment);
    assert.match(await patch(created.match(/^ETag: (\S+)/m)[1]), /^HTTP\/1\.1 204 /);
    assert.match(await patch('"another"'), /^HTTP\/1\.1 412 /);
    assert.match(await curl('-X', 'OPTIONS', url), /^Accept-Post: application\/sdp\r$/m);
    assert.match(await curl('-X', 'DELETE', url), /^HTTP\/1\.1 200 /);
    assert.match(await curl('-X', 'DELETE', url), /^HTTP\/1\.1 404 /);
  });

  test('an offer that is no good is the program\'s fault, and says why', async () => {
    const refusals = [
      ['hello', 400],
      [kOffer.replaceAll('sendonly', 'recvonly'), 400],
      [kOffer.replace(/a=fingerprint:.*\r\n/, ''), 400],
      [kOffer.replaceAll(/a=ice-.*\r\n/g, ''), 400],
      [kOffer.padEnd(70_000, 'x'), 413],
    ];
    for (const [offer, status] of refusals) {
      const response = await post(`${server.url}/whip/bad`, offer);
      const { detail } = await response.json();
      assert.equal(response.status, status, detail);
      assert.ok(detail.length > 10, detail);
    }
    assert.equal((await post(`${server.url}/whip/bad`, kOffer, { 'Content-Type': 'text/plain' })).status, 415);
    assert.equal((await post(`${server.url}/whip/bad`, kOffer, { Authorization: 'Bearer nonsense' })).status, 401);
    assert.equal((await post(`${server.url}/whip/bad`, kOffer, { Origin: 'https://foe.example' })).status, 403);
    assert.equal((await fetch(`${server.url}/whip/bad`)).status, 204);
    assert.deepEqual((await room('bad')).participants, []);
  });

  test('who a host shuts out needs a join token', async () => {
    const ada = await connect(server.url);
    await ada.join('shut', 'Ada');
    await ada.ask('settings', { locked: true });
    const response = await post(`${server.url}/whip/shut`, kOffer);
    assert.equal(response.status, 403);
    await ada.close();
  });
});
