import { useEffect, useState } from 'react';
import { copyLink } from '../state/invite';

/** How long "Copied" shows, in milliseconds. */
const kShown = 2000;

/** Copies a room's link, and knows for a while that it did. */
export function useCopyLink(room: string): { copied: boolean; copy: () => Promise<void> } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), kShown);
    return () => clearTimeout(timer);
  }, [copied]);
  return { copied, copy: async () => setCopied(await copyLink(room)) };
}
