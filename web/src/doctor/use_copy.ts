import { useEffect, useState } from 'react';
import { copyText } from '../state/clipboard';

/** How long "Copied" shows, in milliseconds. */
const kShown = 2000;

/** Copies a text, and knows for a while that it did. */
export function useCopy(): { copied: boolean; copy: (text: string) => Promise<void> } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), kShown);
    return () => clearTimeout(timer);
  }, [copied]);
  return { copied, copy: async (text) => setCopied(await copyText(text)) };
}
