import { useEffect, useRef, type TouchEvent } from 'react';
import { isTyping } from '../../state/shortcuts';

/** A finger that went so far sideways, in CSS pixels, turned the page. */
const kSwipe = 56;

/** Turns pages by the keys Page up and Page down, and by a finger; `turn` is told by how many. */
export function usePaging(pages: number, turn: (by: number) => void) {
  const latest = useRef(turn);
  const begin = useRef<{ x: number; y: number }>(undefined);
  useEffect(() => {
    latest.current = turn;
  });
  useEffect(() => {
    if (pages < 2) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const by = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
      const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
      if (by === 0 || hasModifier || event.defaultPrevented || hasOwnPages(event.target)) return;
      event.preventDefault();
      latest.current(by);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [pages]);
  return {
    onTouchStart: ({ touches }: TouchEvent) => {
      const touch = touches[0];
      begin.current = touch && touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : undefined;
    },
    onTouchEnd: ({ changedTouches }: TouchEvent) => {
      const touch = changedTouches[0];
      const from = begin.current;
      begin.current = undefined;
      if (!from || !touch) return;
      const [dx, dy] = [touch.clientX - from.x, touch.clientY - from.y];
      if (Math.abs(dx) >= kSwipe && Math.abs(dx) > 2 * Math.abs(dy)) turn(dx < 0 ? 1 : -1);
    },
  };
}

// Text, and what scrolls, has its own use for the keys.
function hasOwnPages(target: EventTarget | null): boolean {
  return (
    isTyping(target) || (target instanceof Element && target.closest('aside, [role="dialog"], [role="menu"]') !== null)
  );
}
