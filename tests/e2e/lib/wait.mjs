// Waiting on conditions, always bounded: a test that hangs says for what.
import { setTimeout as pause } from 'node:timers/promises';

// The value of `promise`, or an error that names what did not come in time.
export async function within(milliseconds, what, promise) {
  const aborted = new AbortController();
  const late = pause(milliseconds, undefined, { signal: aborted.signal }).then(() => {
    throw new Error(`waited ${milliseconds} ms for ${what}`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    aborted.abort();
  }
}

// Polls `condition` until it gives something truthy, and returns that. An error that it throws
// counts as "not yet"; the last one is told when the time is over.
export async function until(what, condition, { timeout = 30_000, interval = 50 } = {}) {
  const deadline = performance.now() + timeout;
  let last;
  for (;;) {
    try {
      last = await condition();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`waited ${timeout} ms for ${what}; last: ${describe(last)}`);
    }
    await pause(interval);
  }
}

function describe(value) {
  if (value instanceof Error) return value.message;
  return JSON.stringify(value) ?? String(value);
}
