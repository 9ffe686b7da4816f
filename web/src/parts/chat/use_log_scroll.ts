import type { ChatMessage } from '@parley/client';
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** So near to its end, in pixels, a log counts as scrolled there. */
const kNear = 48;

interface LogScroll {
  /** How many messages came in below what is in sight. */
  readonly fresh: number;
  readonly toEnd: () => void;
}

/** Keeps a log at its end while it is there, and where it is while somebody reads further up. */
export function useLogScroll(ref: RefObject<HTMLElement | null>, messages: readonly ChatMessage[]): LogScroll {
  const atEnd = useRef(true);
  const before = useRef({ first: messages[0]?.key, last: messages.at(-1)?.key, height: 0 });
  const [fresh, setFresh] = useState(0);

  useEffect(() => {
    const log = ref.current;
    if (!log) return undefined;
    const onScroll = () => {
      atEnd.current = log.scrollHeight - log.scrollTop - log.clientHeight < kNear;
      if (atEnd.current) setFresh(0);
    };
    const keep = new ResizeObserver(() => {
      if (atEnd.current) log.scrollTop = log.scrollHeight; // The panel became smaller: a keyboard came up.
    });
    log.addEventListener('scroll', onScroll, { passive: true });
    keep.observe(log);
    return () => {
      log.removeEventListener('scroll', onScroll);
      keep.disconnect();
    };
  }, [ref]);

  useLayoutEffect(() => {
    const log = ref.current;
    if (!log) return;
    const { first, last, height } = before.current;
    const newest = messages.at(-1);
    const from = messages.findIndex(({ key }) => key === last);
    const added = from < 0 ? 0 : messages.slice(from + 1).filter(({ own }) => !own).length;
    if (atEnd.current || (newest?.own && newest.key !== last)) log.scrollTop = log.scrollHeight;
    else if (messages[0]?.key !== first)
      log.scrollTop += log.scrollHeight - height; // Older ones came above.
    else if (added > 0) setFresh((count) => count + added);
    before.current = { first: messages[0]?.key, last: newest?.key, height: log.scrollHeight };
  }, [ref, messages]);

  const toEnd = () => {
    ref.current?.scrollTo({ top: ref.current.scrollHeight, behavior: 'smooth' });
    ref.current?.focus({ preventScroll: true });
  };
  return { fresh, toEnd };
}
