/** What went on too long, or is no longer wanted. */
export function whenOver(milliseconds: number, signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(undefined);
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

/** A signal for one step: ends with the whole, or by `end()`, or when the time is over. */
export function boundedSignal(milliseconds: number, outer: AbortSignal): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const end = () => {
    clearTimeout(timer);
    outer.removeEventListener('abort', end);
    controller.abort();
  };
  const timer = setTimeout(end, milliseconds);
  outer.addEventListener('abort', end);
  if (outer.aborted) end();
  return { signal: controller.signal, end };
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
