import { useLayoutEffect, useState, type RefObject } from 'react';
import { rowsInSight } from '../../state/lecture/audience_list';

/** Which rows of a list (each `row` pixels high) are in sight of the panel that scrolls it, and a few around them. */
export function useRowsInSight(ref: RefObject<HTMLElement | null>, row: number, count: number) {
  const [rows, setRows] = useState({ first: 0, last: -1 });
  useLayoutEffect(() => {
    const list = ref.current;
    const panel = list?.closest<HTMLElement>('[data-scrolls]');
    if (!list || !panel) return undefined;
    const look = () => {
      const scrolled = panel.getBoundingClientRect().top - list.getBoundingClientRect().top;
      const now = rowsInSight(Math.max(0, scrolled), panel.clientHeight, row, count);
      setRows((before) => (before.first === now.first && before.last === now.last ? before : now));
    };
    const observer = new ResizeObserver(look);
    observer.observe(panel);
    panel.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      panel.removeEventListener('scroll', look);
    };
  }, [ref, row, count]);
  return rows;
}
