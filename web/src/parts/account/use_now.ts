import { useEffect, useState } from 'react';

/** The time at the first drawing, then followed while `until` is ahead; both in milliseconds since 1970. */
export function useNow(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  const waits = now < until;
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [waits, until]);
  return now;
}
