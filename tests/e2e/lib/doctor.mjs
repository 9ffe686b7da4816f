// Opens the doctor's page, and reads what it says. Run as a program it does so once, with a server and a
// browser of its own, and prints what was said: so a test can put all of it into a network of its own.
import { execFileSync } from 'node:child_process';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

import { launchChromium, openPage, screenshot } from './browsers.mjs';
import { startServer } from './server.mjs';
import { until } from './wait.mjs';

export async function examine(page, url) {
  await page.goto(`${url}/doctor`, { waitUntil: 'domcontentloaded' });
  return verdict(page);
}

// The verdict that is shown, or comes, as data.
export async function verdict(page) {
  await until('a verdict', () => page.$('[data-testid="doctor"][data-overall]'), { timeout: 60_000 });
  return page.evaluate(() => {
    const all = (selector, read) => [...document.querySelectorAll(selector)].map(read);
    return {
      overall: document.querySelector('[data-testid="doctor"]').dataset.overall,
      says: all('[data-testid="doctor-verdict"] [data-key]', ({ dataset }) => dataset.key),
      rows: Object.fromEntries(all('[data-testid="doctor-rows"] > li', ({ dataset }) => [dataset.step, dataset.state])),
      lines: all('[data-testid="doctor-operator"] code', ({ textContent }) => textContent),
      text: document.querySelector('main').innerText,
    };
  });
}

// As a firewall between the two would: what it drops, nobody is told of.
async function dropUdp({ url }) {
  const { ports } = await (await fetch(`${url}/api/doctor`)).json();
  const chain = ['type filter hook output priority 0', `udp dport { ${[ports.stun, ...ports.media].join(', ')} } drop`];
  const rules = `table inet firewall {\n chain out {\n${chain.join('\n')}\n}\n}\n`;
  execFileSync('nft', ['-f', '-'], { input: rules });
}

async function once(picture, network) {
  const server = await startServer({ args: ['--test-hooks'] });
  const browser = await launchChromium();
  try {
    if (network === 'no-udp') await dropUdp(server);
    const page = await openPage(browser);
    const found = await examine(page, server.url);
    await screenshot(page, picture);
    console.log(JSON.stringify(found));
  } finally {
    await browser.close();
    await server.close();
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await once(...argv.slice(2));
