// A meeting over the server with real browsers that speak the protocol by hand.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { haveChromium, launchChromium, openPage } from '../e2e/lib/browsers.mjs';
import { startServer } from '../e2e/lib/server.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { SfuPage } from './lib/sfu_side.mjs';

const patience = 120_000; // A machine that builds beside it is slow, not broken.
const frames = 30;

let server;
before(async () => { server = await startServer({ args: ['--media', '127.0.0.1:0', '--workers', '2'] }); });
after(() => server.close());

const person = async (browser, options, at = server.url) =>
  SfuPage.join(await openPage(browser, `${at}/healthz`), options);

// Each sees and hears both of the others.
async function allSeeAll(people) {
  for (const one of people) {
    const others = people.filter((other) => other !== one).map(({ sid }) => sid);
    await until(`${others.length} people seen and heard`, async () => {
      const { playing } = await one.watch();
      return others.every((sid) => playing[sid]?.frames >= frames && playing[sid]?.audio > 0);
    }, { timeout: patience });
  }
}

// Of all workers.
async function metric(sample, label = '') {
  const page = await (await fetch(`${server.url}/metrics`)).text();
  return page.split('\n').filter((line) => line.startsWith(`parley_sfu_${sample}{`) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
const dropped = (reason) => metric('drops_total', `reason="${reason}"`);

describe('by the server', { skip: !haveChromium && 'no Chromium' }, () => {
  test('three people see and hear each other, and a fourth comes late', async (t) => {
    const browser = await launchChromium({ t });
    const people = [];
    for (const name of ['Ada', 'Bob', 'Eve']) people.push(await person(browser, { room: 'three', name }));
    await allSeeAll(people);
    for (const one of people) assert.equal((await one.watch()).protocol, 'udp');
    assert.equal(await metric('participants'), 3);
    assert.ok(await metric('forwarded_total') > 0);
    for (const reason of ['malformed', 'unroutable', 'unknown-payload', 'srtp', 'receive-buffer']) {
      assert.equal(await dropped(reason), 0, reason); // Duplicates there are: browsers probe with them.
    }

    const late = await person(browser, { room: 'three', name: 'Dan', sends: false });
    const first = await until('a first frame', async () => (await late.watch()).firstFrame, { timeout: patience });
    t.diagnostic(`who came late saw the first frame after ${Math.round(first)} ms`);
    await until('all three', async () => {
      const { playing } = await late.watch();
      return people.every(({ sid }) => playing[sid]?.frames > 0);
    }, { timeout: patience });
  });

  test('over TCP alone', async (t) => {
    const browser = await launchChromium({ t });
    const people = [];
    for (const name of ['Ada', 'Bob', 'Eve']) people.push(await person(browser, { room: 'tcp', name, tcpOnly: true }));
    await allSeeAll(people);
    for (const one of people) assert.equal((await one.watch()).protocol, 'tcp');
  });

  test('the candidates of an answer are the best first: UDP, then TCP', async (t) => {
    const browser = await launchChromium({ t });
    const { answer } = await person(browser, { room: 'candidates', name: 'Ada' });
    const kinds = answer.split('\r\n').filter((line) => line.startsWith('a=candidate:')).map((line) => line.split(' ')[2].toLowerCase());
    assert.deepEqual(kinds, ['udp', 'tcp']);
  });
});

describe('by a single port', { skip: !haveChromium && 'no Chromium' }, () => {
  let single;
  before(async () => {
    single = await startServer({ args: ['--single-port', '--https', '127.0.0.1:0', '--workers', '3'] });
  });
  after(() => single.close());

  // Rooms of all workers, and one client address: who is on another worker is passed on.
  for (const tcpOnly of [false, true]) {
    test(`three rooms of two, ${tcpOnly ? 'TCP' : 'UDP'}`, async (t) => {
      const browser = await launchChromium({ t });
      const rooms = [];
      for (const room of ['a', 'b', 'c']) {
        const people = [];
        for (const name of ['Ada', 'Bob']) {
          people.push(await person(browser, { room: `${room}-${tcpOnly}`, name, tcpOnly, videoSlots: 1 }, single.url));
        }
        rooms.push(people);
      }
      for (const people of rooms) await allSeeAll(people);
    });
  }
});
