// The dashboard that operators import asks for nothing that a server with a meeting does not tell.
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import assert from 'node:assert/strict';

import { kOneStream, startServer } from '../e2e/lib/server.mjs';
import { kOffer, post } from './lib/whip_side.mjs';

// Every expression in it, however deep.
function* expressions(value) {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (['expr', 'query'].includes(key) && typeof member === 'string') yield member;
    else yield* expressions(member);
  }
}

test('every series of docs/grafana.json is in /metrics, with the labels that it goes by', async (t) => {
  const server = await startServer({ t, args: kOneStream });
  assert.equal((await post(`${server.url}/whip/stage`, kOffer)).status, 201);
  const page = await (await fetch(`${server.url}/metrics`)).text();
  const labels = new Map(); // By series: those of all its samples.
  for (const [, name, inBraces = ''] of page.matchAll(/^(\w+)(?:\{(.*)\})? /gm)) {
    const known = labels.get(name) ?? labels.set(name, new Set()).get(name);
    for (const [, label] of inBraces.matchAll(/(\w+)="/g)) known.add(label);
  }

  const dashboard = JSON.parse(await readFile(new URL('../../docs/grafana.json', import.meta.url), 'utf8'));
  const asked = new Set();
  for (const expression of expressions(dashboard)) {
    const named = new Set();
    for (const [, name, inBraces = ''] of expression.matchAll(/\b((?:parley|process)_\w+)(?:\{(.*?)\})?/g)) {
      assert.ok(labels.has(name), `${name} of ${expression}`);
      asked.add(name);
      named.add(name);
      for (const [, label] of inBraces.matchAll(/(\w+)\s*[=!]/g)) {
        if (['instance', 'job'].includes(label)) continue; // Prometheus' own.
        assert.ok(labels.get(name).has(label), `${label} of ${name} in ${expression}`);
      }
    }
    for (const [, list] of expression.matchAll(/\bby \((.*?)\)/g)) {
      for (const label of list.split(/,\s*/)) {
        assert.ok([...named].some((name) => labels.get(name).has(label)), `${label} in ${expression}`);
      }
    }
  }
  assert.ok(asked.size > 10, [...asked].join(' '));
  for (const name of labels.keys()) {
    if (name.startsWith('parley_sfu_room_')) assert.ok(asked.has(name) || name.endsWith('_packets_total'), name);
  }
});
