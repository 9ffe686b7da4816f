#!/usr/bin/env node
// Draws the app's icons from its one SVG, by Chromium: web/public/icons/*.png. Run it when the SVG
// has changed; it needs what tests/package.json installs.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const require = createRequire(new URL('tests/package.json', root));
const { chromium } = require('playwright-core');

// `apple` and `maskable` icons are cut by the system: the ground fills the square, and the mark
// keeps within the middle 80%.
const kIcons = [
  { name: '180', size: 180, bleeds: true },
  { name: '192', size: 192 },
  { name: '512', size: 512 },
  { name: 'maskable-512', size: 512, bleeds: true },
];

const svg = await readFile(new URL('web/public/favicon.svg', root), 'utf8');
const browser = await chromium.launch({ executablePath: process.env.PARLEY_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const { name, size, bleeds = false } of kIcons) {
  const drawn = bleeds
    ? svg.replace('rx="9"', '').replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"').replace('<rect width="32" height="32"', '<rect x="-4" y="-4" width="40" height="40"')
    : svg;
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawn}`);
  const file = fileURLToPath(new URL(`web/public/icons/${name}.png`, root));
  await writeFile(file, await page.screenshot({ omitBackground: true }));
  console.log(file);
}
await browser.close();
