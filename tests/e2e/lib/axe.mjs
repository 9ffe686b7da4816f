// axe-core in a page under its own Content-Security-Policy: it is evaluated by the debugger, not
// loaded by the page, so nothing has to be allowed for it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What axe finds serious or critical, in words: rule, what to do, where.
export async function faults(page) {
  await page.evaluate(await source);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
  });
}

// Headings in their order: one of the first rank, and below it no rank left out.
async function assertHeadings(page, where) {
  const ranks = await page.$$eval('h1, h2, h3, h4, h5, h6', (all) => all.map(({ tagName }) => Number(tagName[1])));
  assert.equal(ranks.filter((rank) => rank === 1).length, 1, `${where}: one h1 in ${ranks}`);
  assert.ok(ranks.every((rank, at) => at === 0 || rank <= ranks[at - 1] + 1), `${where}: a rank is left out in ${ranks}`);
}

export async function assertAccessible(page, where) {
  await assertHeadings(page, where);
  // What fades in is judged when it has come.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => {
    if (animation.effect?.getComputedTiming().iterations !== Infinity) return animation.finished.catch(() => {});
    return undefined;
  })));
  assert.deepEqual(await faults(page), [], where);
}
