// The page with two peers, in Chromium, from a static server and from the file itself.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';

import { haveChromium, launchChromium, openPage, screenshot } from '../../tests/e2e/lib/browsers.mjs';
import { until } from '../../tests/e2e/lib/wait.mjs';

const page_ = new URL('index.html', import.meta.url);
const skip = !haveChromium && 'no Chromium';

async function call(page) {
  await page.click('#call');
  await until('the first picture', async () => (await steps(page)).some((text) => /first picture/.test(text)));
}
const steps = (page) => page.evaluate(() => [...document.querySelectorAll('li div')].map((step) =>
  step.querySelector('summary')?.textContent ?? step.textContent));

test('a call shows each of its steps', { skip }, async (t) => {
  const server = createServer(async (request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(request.url === '/' ? await readFile(page_) : '');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const browser = await launchChromium({ t });
  const page = await openPage(browser, `http://localhost:${server.address().port}/`);
  await call(page);
  await until('the cipher', async () => /SRTP|AES|AEAD/.test((await steps(page)).at(-1)));
  const all = await steps(page);
  for (const wanted of [
    /getUserMedia\(\): a camera/, /^offers/, /^answers/, /signalling state: have-local-offer/,
    /signalling state: stable/, /^candidate: udp /, /a video track arrives/, /a audio track arrives/,
    /^connection: connected/, /^the first picture: \d+ x \d+/,
  ]) {
    assert.ok(all.some((text) => wanted.test(text)), `${wanted} in\n${all.join('\n')}`);
  }
  assert.equal(await page.textContent('#callee-state'), 'connected');
  await screenshot(page, 'example-same-page');
  assert.deepEqual(page.problems, []);
});

test('without a camera a drawing is sent', { skip }, async (t) => {
  const browser = await launchChromium({ t, devices: false });
  const page = await openPage(browser, page_.href);
  await call(page);
  assert.match((await steps(page))[0], /failed \(.*\): a drawing/);
});
