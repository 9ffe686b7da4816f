import { common } from '../words/common';
import { copyText } from './clipboard';
import { linkTo } from './route';
import { toast } from './toasts';

/** Copies the link that others join by, and says so; shows it where the browser lets nothing be copied. */
export async function copyLink(room: string): Promise<boolean> {
  const link = linkTo(room, location.origin);
  const copied = await copyText(link);
  if (copied) toast(common.linkCopied);
  else toast(common.linkIs(link), 'warning');
  return copied;
}
