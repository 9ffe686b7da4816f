import { useEffect, useState } from 'react';
import { copyText } from '../state/clipboard';
import { linkTo } from '../state/route';
import { toast } from '../state/toasts';
import { common } from '../words/common';

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
  const copy = async () => {
    const link = linkTo(room, location.origin);
    if (await copyText(link)) {
      setCopied(true);
      toast(common.linkCopied);
    } else {
      toast(common.linkIs(link), 'warning');
    }
  };
  return { copied, copy };
}
