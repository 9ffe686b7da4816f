// The way to the media server over real firewalls and bad links, as the web app finds it and leaves it in a real Chromium.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chromium } from 'playwright-core';

import { haveChromium } from '../e2e/lib/browsers.mjs';
import { picturesArrive } from '../e2e/lib/media.mjs';
import { connected, enter } from '../e2e/lib/meeting.mjs';
import { binary, startServerBy } from '../e2e/lib/server.mjs';
import { kPatience, kSize, pictureMoves, serverLog, topologyOf } from '../e2e/lib/sfu.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { firewalls, Internet, serverAddress, whyNoNetns } from './lib/netns.mjs';

const skip = (!haveChromium && 'no Chromium') || whyNoNetns() || false;
const options = { skip, timeout: 400_000 };
const page = { url: `https://${serverAddress}` };

async function startInternet(t) {
  const internet = new Internet(t);
  await startServerBy(await internet.programAt(t, 'server', binary), {
    t, listen: `${serverAddress}:80`, args: ['--https', `${serverAddress}:443`, '--mixers', '0'],
  });
  return internet;
}

// Somebody in network `n`, in a room whose media goes by the server.
async function enterFrom(t, internet, n, name) {
  const browser = await chromium.launch({
    executablePath: await internet.programAt(t, `lan${n}`, '/usr/bin/chromium'),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--ignore-certificate-errors',
      '--autoplay-policy=no-user-gesture-required', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
  t.after(() => browser.close());
  // Chromium breaks it off where it has only now noticed its network.
  const trial = await browser.newPage();
  await until('the page', () => trial.goto(`${page.url}/healthz`), { timeout: 120_000 });
  return enter(browser, page, { name, query: '&topology=sfu', ignoreHTTPSErrors: true, ...kSize });
}

async function meet(...people) {
  for (const one of people) {
    await topologyOf(one, 'sfu');
    await connected(one, 1, kPatience);
    for (const { personName } of people.filter((other) => other !== one)) await pictureMoves(one, personName);
  }
}

// What carries the page's media to the server, or to its relay: 'host udp', 'relay tls' ...
const wayOf = (one) =>
  one.evaluate(async () => {
    const stats = [...(await window.parleyTestConnections.find((c) => c.connectionState !== 'closed' && c.getSenders().length > 0).getStats()).values()];
    const { selectedCandidatePairId } = stats.find(({ type }) => type === 'transport');
    const pair = stats.find(({ id }) => id === selectedCandidatePairId);
    const local = stats.find(({ id }) => id === pair?.localCandidateId);
    return `${local?.candidateType} ${local?.relayProtocol ?? local?.protocol}`;
  });

const wayIs = (one, pattern, patience = 150_000) =>
  until(`${one.personName}'s way to be ${pattern}`, async () => {
    const way = await wayOf(one);
    if (pattern.test(way)) return way;
    throw new Error(way);
  }, { timeout: patience });

async function seeEachOther(...people) {
  for (const one of people) await picturesArrive(one, 20, { timeout: 60_000 });
}

async function stepsOf(one) {
  return (await serverLog(one)).map(({ step }) => step);
}

test('media of a room by the server goes over TCP as long as UDP is blocked, from the start or in mid-call', options, async (t) => {
  const internet = await startInternet(t);
  internet.firewall(2, firewalls.noUdp);
  const ada = await enterFrom(t, internet, 1, 'Ada');
  const bob = await enterFrom(t, internet, 2, 'Bob');
  await meet(ada, bob);
  assert.match(await wayOf(bob), /tcp|tls/);
  await until('UDP to be tried', async () => (await stepsOf(bob)).includes('udp-tried'), { timeout: 60_000 });
  assert.match(await wayOf(bob), /tcp|tls/);

  const opened = performance.now();
  internet.firewall(2, firewalls.open);
  await wayIs(bob, /udp/);
  t.diagnostic(`UDP after ${((performance.now() - opened) / 1000).toFixed(1)} s`);
  await seeEachOther(ada, bob);

  // Chromium may have a pair over TCP ready, or finds one when ICE restarts.
  const cut = performance.now();
  internet.lossy(2, 100);
  const way = await wayIs(bob, /tcp|tls/);
  t.diagnostic(`${way} after ${((performance.now() - cut) / 1000).toFixed(1)} s`);
  await seeEachOther(ada, bob);

  const mended = performance.now();
  internet.lossy(2, 0);
  await wayIs(bob, /udp/);
  t.diagnostic(`UDP again after ${((performance.now() - mended) / 1000).toFixed(1)} s`);
  await seeEachOther(ada, bob);
});

test('media of a room by the server leaves UDP that loses much, and goes back', options, async (t) => {
  const internet = await startInternet(t);
  const ada = await enterFrom(t, internet, 1, 'Ada');
  const bob = await enterFrom(t, internet, 2, 'Bob');
  await meet(ada, bob);

  const spoilt = performance.now();
  internet.lossy(2, 30);
  const way = await wayIs(bob, /tcp|tls/);
  t.diagnostic(`${way} after ${((performance.now() - spoilt) / 1000).toFixed(1)} s`);
  await seeEachOther(ada, bob);
  assert.match(await wayOf(ada), /udp/, 'what somebody else loses is no reason');

  const mended = performance.now();
  internet.lossy(2, 0);
  await wayIs(bob, /udp/);
  t.diagnostic(`UDP again after ${((performance.now() - mended) / 1000).toFixed(1)} s`);
  await seeEachOther(ada, bob);
  const steps = await stepsOf(bob);
  for (const step of ['udp-tried', 'udp-avoided', 'path-renewed']) assert.ok(steps.includes(step), step);
});

test('a room by the server is entered through a firewall that lets out nothing but TLS', options, async (t) => {
  const internet = await startInternet(t);
  internet.firewall(2, firewalls.onlyTls);
  const ada = await enterFrom(t, internet, 1, 'Ada');
  const bob = await enterFrom(t, internet, 2, 'Bob');
  await meet(ada, bob);
  assert.equal(await wayOf(bob), 'relay tls');
  const log = await serverLog(bob);
  assert.ok(log.some(({ step }) => step === 'relays-added'));
  assert.ok(!log.some(({ step }) => step === 'connection-replaced'), 'the first connection led there');
  const at = (wanted) => log.find(({ step }) => step === wanted)?.at;
  t.diagnostic(`connected ${Math.round(at('connected') - at('answer-received'))} ms after the answer`);
});
