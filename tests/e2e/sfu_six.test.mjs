// Six people by the server: whatever one of them looks at, nobody makes another offer.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchChromium, screenshot } from './lib/browsers.mjs';
import { sendTone } from './lib/gauges.mjs';
import { assertNoProblems, enter, press, roomState, tileOf, tiles } from './lib/meeting.mjs';
import { by } from './lib/panels.mjs';
import { startServer } from './lib/server.mjs';
import { offersToServer, pictureMoves, topologyOf } from './lib/sfu.mjs';
import { until } from './lib/wait.mjs';

const kNames = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve', 'Fay'];
// Four tiles fit.
const kSmall = { width: 400, height: 470 };
const kPatience = { timeout: 120_000 };

const inFront = (page) =>
  page.evaluate(() => document.querySelector('[data-layout="front"] [data-testid="tile"]')?.dataset.name);

// Everybody else whom the page shows moves; how long that took, in milliseconds.
async function allMove(page) {
  const began = performance.now();
  const others = (await tiles(page)).filter(({ self }) => self === 'false').map(({ name }) => name);
  await Promise.all(others.map((name) => pictureMoves(page, name, kPatience)));
  return { others, took: Math.round(performance.now() - began) };
}

test('six people turn pages and change who speaks without another offer', { timeout: 600_000 }, async (t) => {
  const server = await startServer({ t });
  // Few frames: what is tested is who is shown to whom.
  const browser = await launchChromium({ t, args: ['--use-fake-device-for-media-stream=fps=8'] });
  const pages = [];
  for (const name of kNames) {
    pages.push(await enter(browser, server, { name, ...kSmall }));
    await roomState(pages.at(-1), 'joined', kPatience);
    await press(pages.at(-1), 'control-mic'); // Who speaks is decided below.
  }
  const [ada, bob, cleo] = pages;
  for (const page of pages) await topologyOf(page, 'sfu');

  await until('two pages', () => ada.$(`${by('stage')}[data-pages="2"]`), kPatience);
  const seen = new Set();
  for (const turn of ['page-on', 'page-back', 'page-on', 'page-back']) {
    const { others, took } = await allMove(ada);
    others.forEach((name) => seen.add(name));
    t.diagnostic(`${others.join(', ')} moved ${took} ms after the page was there (each watched for 400 ms)`);
    await screenshot(ada, `sfu-six-before-${turn}`);
    await press(ada, turn);
  }
  assert.deepEqual([...seen].sort(), kNames.slice(1));

  await press(ada, 'control-more');
  await press(ada, 'more-speaker');
  for (const [page, hertz] of [[bob, 500], [cleo, 900], [bob, 500]]) {
    await sendTone(page, hertz);
    await until(`${page.personName} in front`, async () => (await inFront(ada)) === page.personName, kPatience);
    await pictureMoves(ada, page.personName, kPatience);
    await page.evaluate(() => window.parley.unpublish('microphone'));
    await tileOf(ada, page.personName, { matches: ({ muted }) => muted === 'true', ...kPatience });
  }
  await screenshot(ada, 'sfu-six-speaker');
  for (const page of pages) assert.equal(await offersToServer(page), 1, page.personName);
  assertNoProblems(...pages);
});
