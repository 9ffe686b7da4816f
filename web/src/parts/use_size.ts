import { useLayoutEffect, useState, type RefObject } from 'react';

/**
 * The inner size of an element in whole pixels, followed as it changes. Rounded down: what is drawn by it never lacks
 * its last row, as it would by `clientHeight`, which rounds up too.
 */
export function useSize(ref: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const read = () => setSize(wholeSize(element));
    const observer = new ResizeObserver(read);
    observer.observe(element);
    read();
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

/** Whole pixels that lie within the element. */
export function wholeSize(element: Pick<HTMLElement, 'clientWidth' | 'clientHeight' | 'getBoundingClientRect'>): {
  width: number;
  height: number;
} {
  const { width, height } = element.getBoundingClientRect();
  return {
    width: Math.floor(Math.min(element.clientWidth, width)),
    height: Math.floor(Math.min(element.clientHeight, height)),
  };
}
