// The real browsers, with fake cameras and microphones.
//
// Chromium comes by playwright-core, Firefox ESR by puppeteer-core: both are Debian's own builds.
// Playwright's and Puppeteer's pages differ, so what tests need of both is here: openPage(),
// screenshot(), and page.evaluate(), which is the same in both.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const artefacts = process.env.PARLEY_ARTEFACTS ?? path.join(root, 'artefacts');

export const chromiumPath = process.env.PARLEY_CHROMIUM ?? '/usr/bin/chromium';
export const firefoxPath = process.env.PARLEY_FIREFOX ?? '/usr/bin/firefox-esr';
export const haveChromium = existsSync(chromiumPath);
export const haveFirefox = existsSync(firefoxPath);

const asRoot = process.getuid?.() === 0;

function startChromium(flags) {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--allow-loopback-in-peer-connection',
      '--autoplay-policy=no-user-gesture-required',
      '--auto-select-desktop-capture-source=Entire screen',
      '--disable-background-networking',
      '--disable-dev-shm-usage',
      '--no-first-run',
      ...(asRoot ? ['--no-sandbox'] : []),
      ...flags,
    ],
  });
}

// The tests of one file share a Chromium for each set of flags: on a busy machine a start takes
// seconds. What keeps people and tests apart is the context of each page; a test's contexts are
// closed when it has ended.
const shared = new Map(); // flags -> the browser
const mayShare = process.env.NODE_TEST_CONTEXT !== undefined; // Under `node --test`.
if (mayShare) after(() => Promise.all([...shared.values()].map((browser) => browser.close())));

async function sharedChromium(t, flags) {
  const key = flags.join(' ');
  if (!shared.get(key)?.isConnected()) shared.set(key, await startChromium(flags));
  const browser = shared.get(key);
  t.after(() => Promise.all(browser.contexts().map((context) => context.close())));
  return browser;
}

// `devices: false` starts it with no fake camera and no permission prompt answered: for the tests
// of what the app says when getUserMedia fails. Without `t` it is the caller's to close.
export async function launchChromium({ t, devices = true, args = [] } = {}) {
  const fakes = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  const flags = [...(devices ? fakes : []), ...args];
  if (t && mayShare) return sharedChromium(t, flags);
  const browser = await startChromium(flags);
  t?.after(() => browser.close());
  return browser;
}

// `more`: what else Puppeteer is to know.
export async function launchFirefox({ t, prefs = {}, ...more } = {}) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxPath,
    headless: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.peerconnection.ice.loopback': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'media.autoplay.default': 0,
      'media.autoplay.blocking_policy': 0,
      ...prefs,
    },
    ...more,
  });
  t?.after(() => browser.close());
  return browser;
}

// A page of its own in either browser: another person, with storage of their own. What the page
// logs as an error, and what it throws, is collected in `page.problems`.
export async function openPage(browser, url, { width = 1280, height = 800, ...options } = {}) {
  const isPlaywright = typeof browser.newContext === 'function';
  const page = isPlaywright
    ? await (await browser.newContext({ viewport: { width, height }, ...options })).newPage()
    : await (await browser.createBrowserContext()).newPage();
  if (!isPlaywright) await page.setViewport({ width, height });
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(`thrown: ${error.stack ?? error}`));
  page.on('console', (message) => {
    if (message.type() === 'error') page.problems.push(`console: ${message.text()}`);
  });
  if (url) await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 30_000 });
  return page;
}

// Keeps a picture for people to look at: artefacts/NAME.png.
export async function screenshot(page, name) {
  await mkdir(artefacts, { recursive: true });
  const file = path.join(artefacts, `${name}.png`);
  await page.screenshot({ path: file });
  return file;
}
