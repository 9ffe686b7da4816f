// A lecture through the real server: its stage and its audience by /ws, and somebody who is let up and off in real browsers.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { haveChromium, launchChromium, openPage } from '../e2e/lib/browsers.mjs';
import { startServer } from '../e2e/lib/server.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { SfuPage } from './lib/sfu_side.mjs';
import { connect } from './lib/signalling.mjs';

const patience = 120_000; // A machine that builds beside it is slow, not broken.

let server;
before(async () => { server = await startServer({ args: ['--media', '127.0.0.1:0'] }); });
after(() => server.close());

async function enter(t) {
  const client = await connect(server.url);
  t.after(() => client.close());
  return client;
}

test('a lecture has a stage and an audience, and becomes a meeting', async (t) => {
  const [ada, bob, cy] = [await enter(t), await enter(t), await enter(t)];
  const made = await ada.join('talk', 'Ada', { lecture: true });
  assert.equal(made.onStage, true);
  assert.equal(made.topology, 'sfu');
  assert.deepEqual(made.audience, { count: 0, hands: 0 });
  const b = await bob.join('talk', 'Bob');
  assert.equal(b.onStage, false);
  assert.equal(b.permissions.microphone, false);
  assert.deepEqual(b.participants.map(({ sid }) => sid), [made.sid]);
  assert.deepEqual(await ada.hear('audience'), { count: 1, hands: 0, raised: [] });
  await cy.join('talk', 'Cy');

  const room = await (await fetch(`${server.url}/api/rooms/talk`)).json();
  assert.deepEqual(room.participants.map(({ name }) => name), ['Ada']);
  assert.equal(room.lecture, true);
  assert.equal(room.audience, 2);

  assert.deepEqual(await bob.ask('hand', { raised: true }), { ok: true });
  for (;;) {
    const { raised } = await ada.hearNext('audience');
    if (raised.length === 1 && raised[0].sid === b.sid) break;
  }
  const page = await ada.ask('roster', { limit: 1, search: 'B' });
  assert.deepEqual(page.people.map(({ name }) => name), ['Bob']);
  assert.equal(page.count, 2);
  assert.equal((await bob.ask('roster')).error.code, 'forbidden');

  assert.deepEqual(await ada.ask('stage', { sid: b.sid, on: true }), { ok: true });
  assert.deepEqual(await bob.hearNext('stage'), { onStage: true, by: made.sid });
  assert.equal((await cy.hearNext('joined')).participant.sid, b.sid);
  assert.deepEqual(await bob.ask('media', { micinf: true, vidinf: false, scrinf: false }), { ok: true });
  assert.deepEqual(await bob.ask('stage', { on: false }), { ok: true });
  assert.deepEqual(await cy.hearNext('left'), { sid: b.sid, reason: 'audience' });
  assert.deepEqual(await bob.ask('react', { emoji: '👏' }), { ok: true });
  assert.deepEqual(await ada.hearNext('reactions'), { counts: { '👏': 1 } });

  assert.deepEqual(await ada.ask('settings', { lecture: false }), { ok: true });
  assert.equal((await cy.hearNext('settings')).lecture, false);
  assert.deepEqual(await cy.hearNext('stage'), { onStage: true, by: null });
  const meeting = await (await fetch(`${server.url}/api/rooms/talk`)).json();
  assert.equal(meeting.participants.length, 3);
  assert.equal(meeting.lecture, false);
});

describe('by the server', { skip: !haveChromium && 'no Chromium' }, () => {
  const person = async (browser, name, more) =>
    SfuPage.join(await openPage(browser, `${server.url}/healthz`), { room: 'hall', name, more });
  const frames = async (one, of) => (await one.watch()).playing[of.sid]?.frames ?? 0;

  test('somebody is let up and off by one and the same connection', async (t) => {
    const browser = await launchChromium({ t });
    const ada = await person(browser, 'Ada', { lecture: true });
    const bob = await person(browser, 'Bob');
    const cy = await person(browser, 'Cy');
    for (const one of [bob, cy]) {
      await until('the audience sees the stage', async () => await frames(one, ada) >= 30, { timeout: patience });
    }
    // Bob's page sends all the while, whatever it may: nothing of it came through.
    assert.equal(await frames(ada, bob), 0);

    assert.deepEqual(await ada.ask('stage', { sid: bob.sid, on: true }), { ok: true });
    assert.deepEqual(await bob.ask('media', { micinf: true, vidinf: true, scrinf: false }), { ok: true });
    for (const one of [ada, cy]) {
      await until('all see who went up', async () => await frames(one, bob) >= 30, { timeout: patience });
    }

    assert.deepEqual(await ada.ask('stage', { sid: bob.sid, on: false }), { ok: true });
    await until('nobody sees who went off', async () => {
      const { slots } = await cy.watch();
      return Object.values(slots).every(({ sid }) => sid !== bob.sid);
    }, { timeout: patience });
    const seen = await frames(bob, ada);
    await until('who went off sees on', async () => await frames(bob, ada) > seen + 30, { timeout: patience });
    for (const one of [ada, bob, cy]) {
      assert.equal((await one.watch()).state, 'connected');
      assert.equal((await one.events()).includes('topology'), false); // It would ask for another connection.
    }
  });
});
