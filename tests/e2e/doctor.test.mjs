// The doctor: what it says of a network where everything works, and of one that blocks UDP. Both are
// real: server and browser run in a network namespace, and in one of them the kernel drops packets.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { assertAccessible } from './lib/axe.mjs';
import { launchChromium, openPage, screenshot } from './lib/browsers.mjs';
import { examine, verdict } from './lib/doctor.mjs';
import { assertNoProblems, press } from './lib/meeting.mjs';
import { startServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const kLong = { timeout: 240_000 };

const canUnshare = (() => {
  try {
    execFileSync('unshare', ['--net', 'sh', '-c', 'ip link set lo up && nft list ruleset'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

// What the doctor says in a network of its own, which is gone with the last program in it.
async function examineIn(network) {
  const program = fileURLToPath(new URL('lib/doctor.mjs', import.meta.url));
  const command = 'ip link set lo up && exec "$@"';
  const run = ['--net', 'sh', '-c', command, 'sh', process.execPath, program, `doctor-${network}`, network];
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }; // It is no test of its own.
  const { stdout } = await promisify(execFile)('unshare', run, { timeout: 180_000, env });
  return JSON.parse(stdout);
}

// All is well, but for what a busy machine does to packets.
function assertGood({ overall, says, rows, text }) {
  assert.ok(says.includes('relay-udp'), text);
  assert.notEqual(rows.tcp, 'bad', text);
  if (!says.some((key) => ['lossy', 'far', 'slow'].includes(key))) assert.equal(overall, 'good', text);
}

const pressAgain = async (page) => {
  await page.evaluate(() => {
    window.begunAnew = 0;
    const main = document.querySelector('[data-testid="doctor"]');
    new MutationObserver(() => (window.begunAnew += main.dataset.overall ? 0 : 1)).observe(main, { attributes: true });
  });
  await press(page, 'doctor-again');
  await until('a new run', () => page.evaluate(() => window.begunAnew > 0));
};

test('a healthy network: calls work, and each way is measured', kLong, async (t) => {
  const server = await startServer({ t, args: ['--test-hooks'] });
  const page = await openPage(await launchChromium({ t }));
  const found = await examine(page, server.url);
  assert.equal(found.rows.server, 'good');
  assert.equal(found.rows.websocket, 'good');
  assert.equal(found.rows.polling, 'good');
  assert.notEqual(found.rows.addresses, 'bad', found.text);
  assert.ok(!found.says.includes('udp-blocked'), found.text);
  if (found.rows.udp !== 'none') assertGood(found);
  await screenshot(page, 'doctor-healthy');
  assertNoProblems(page);
});

test('a network that blocks UDP is told from a healthy one', { ...kLong, skip: !canUnshare && 'needs root' }, async () => {
  const healthy = await examineIn('open');
  assert.equal(healthy.rows.addresses, 'good', healthy.text);
  assert.ok(!healthy.says.includes('udp-blocked'), healthy.text);
  const blocked = await examineIn('no-udp');
  assert.equal(blocked.rows.websocket, 'good', blocked.text);
  assert.equal(blocked.rows.addresses, 'bad', blocked.text);
  assert.ok(blocked.says.includes('udp-blocked'), blocked.text);
  assert.notEqual(blocked.overall, 'good', blocked.text);
  if (healthy.rows.udp === 'none') return; // No relay.
  assertGood(healthy);
  assert.equal(blocked.overall, 'restricted', blocked.text);
  assert.equal(blocked.rows.udp, 'bad', blocked.text);
  assert.notEqual(blocked.rows.tcp, 'bad', blocked.text);
  assert.ok(blocked.says.includes('relay-tcp'), blocked.text);
  assert.ok(blocked.lines.some((line) => /^ufw allow \d+\/udp$/.test(line)), blocked.text);
});

test('it runs again, and copies a report without a login', kLong, async (t) => {
  const server = await startServer({ t, args: ['--test-hooks'] });
  const page = await openPage(await launchChromium({ t }), undefined, { permissions: ['clipboard-read', 'clipboard-write'] });
  await examine(page, server.url);
  await press(page, 'doctor-copy-json');
  const report = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(report.findings.page.origin, server.url);
  assert.ok(!JSON.stringify(report).includes('credential'));
  await pressAgain(page);
  assert.ok((await verdict(page)).overall);
});

test('without a server it says so', kLong, async (t) => {
  const server = await startServer({ t });
  const page = await openPage(await launchChromium({ t }));
  await examine(page, server.url);
  await server.stop();
  await pressAgain(page);
  const found = await verdict(page);
  assert.equal(found.overall, 'fails');
  assert.deepEqual(found.says, ['unreachable']);
  assert.ok(found.lines.some((line) => line.startsWith('ufw allow ')));
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing serious in the result in ${colorScheme}`, kLong, async (t) => {
    const server = await startServer({ t, args: ['--test-hooks'] });
    const page = await openPage(await launchChromium({ t }), undefined, { colorScheme });
    await page.goto(`${server.url}/doctor`, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector('[data-testid="doctor-rows"]');
    await assertAccessible(page, 'the doctor at work');
    await verdict(page);
    await page.click('[data-step="addresses"] summary');
    await assertAccessible(page, 'the doctor’s result');
    await screenshot(page, `doctor-wide-${colorScheme}`);
    await page.setViewportSize({ width: 390, height: 844 });
    await assertAccessible(page, 'the doctor’s result on a phone');
    await screenshot(page, `doctor-phone-${colorScheme}`);
  });
}
