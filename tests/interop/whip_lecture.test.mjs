// A page of somebody else's that plays a lecture by WHEP, with nothing but fetch() and RTCPeerConnection: a real Chromium.
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { haveChromium, launchChromium, openPage } from '../e2e/lib/browsers.mjs';
import { keepLecture } from '../e2e/lib/lecture.mjs';
import { roomState, tileOf } from '../e2e/lib/meeting.mjs';
import { kColours, readPicture, sendColour } from '../e2e/lib/one_stream.mjs';
import { kOneStream, startServer } from '../e2e/lib/server.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { kOffer, post, WhipPage } from './lib/whip_side.mjs';

const patience = { timeout: 120_000 };

async function speaker(browser, { url }, name) {
  const link = new URL(url);
  link.searchParams.set('join', '1');
  const page = await openPage(browser, undefined, { width: 640, height: 400, bypassCSP: true });
  page.personName = name;
  await page.goto(link.href, { waitUntil: 'domcontentloaded' });
  await roomState(page, 'joined', patience);
  await tileOf(page, name, { matches: ({ video }) => video === 'true', ...patience }); // Else the camera comes in its place.
  await sendColour(page, kColours[name]);
  return page;
}

test('a lecture that asks for a token is played as one picture of all on stage and one sound', {
  skip: !haveChromium && 'no Chromium', timeout: 300_000,
}, async (t) => {
  const server = await startServer({ t, args: kOneStream });
  const invite = await keepLecture(server, 'talk', { locked: true });
  const browser = await launchChromium({ t });
  const speakers = [];
  for (const name of ['Ada', 'Bob']) speakers.push(await speaker(browser, await invite(name), name));

  const address = `${server.url}/whep/talk?view=all`;
  const play = async (token) => WhipPage.open(await openPage(browser, `${server.url}/healthz`), { url: address, token });
  await assert.rejects(play(undefined), /403/);
  await assert.rejects(play('nonsense'), /401/);
  const player = await play((await invite('Screen in the hall', { speaks: false })).token);
  const stats = await until('it to see and hear', async () => {
    const now = await player.stats();
    return now.frames >= 30 && now.audio > 0 && now;
  }, patience);
  assert.deepEqual(stats.inbound.sort(), ['audio', 'video']);
  assert.equal(stats.streams.length, 1);
  const { shares } = await until('both speakers in the picture', async () => {
    const picture = await readPicture(player.page, 'video');
    if (Math.min(picture.shares.Ada, picture.shares.Bob) > 3) return picture;
    throw new Error(JSON.stringify({ ...picture, ...(await player.stats()) }));
  }, patience);
  t.diagnostic(Object.entries(shares).map(([name, share]) => `${name} ${share}%`).join(', '));

  // Nobody is told of the player, but that somebody watches.
  const told = await (await fetch(`${server.url}/api/rooms/talk`)).json();
  assert.deepEqual([told.participants.map(({ name }) => name), told.audience], [['Ada', 'Bob'], 1]);
  assert.deepEqual((await player.stats()).inbound.sort(), ['audio', 'video']);
  assert.equal(await player.end(), 200);
  for (const { problems } of speakers) assert.deepEqual(problems, []);
});

test('an address that asks for what there is not is refused, and names what there is', async (t) => {
  const server = await startServer({ t });
  const refused = await post(`${server.url}/whep/talk?view=tiles`, kOffer.replaceAll('sendonly', 'recvonly'));
  assert.equal(refused.status, 400);
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  const { field, detail } = await refused.json();
  assert.equal(field, 'view');
  assert.match(detail, /"all" or "each"/);
});
