/** A piece of a message: plain text, or a link whose address is safe to be put into `href`. */
export type LinkifiedPart = string | { readonly href: string; readonly text: string };

/** Addresses with a scheme, and bare `www.` ones; a mail address stands by itself. */
const kCandidate = /\b(?:https?:\/\/|mailto:|www\.)[^\s<>"'`\p{Cc}\p{Cf}]+|\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/giu;
const kSchemes = new Set(['http:', 'https:', 'mailto:']);
/** Ends a sentence rather than an address. */
const kTrailing = /[.,;:!?*_~’”»]+$/u;

/**
 * Splits a message into text and links. Only http, https and mailto become links; everything else stays
 * the text it is. Put the parts into the page as text nodes and `href`: no HTML is made here.
 */
export function linkify(text: string): LinkifiedPart[] {
  const parts: LinkifiedPart[] = [];
  let end = 0;
  for (const match of text.matchAll(kCandidate)) {
    const link = trimmed(match[0]);
    const href = safeAddress(link);
    if (!href) continue;
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push({ href, text: link });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

// Closing brackets belong to the address only if it opened them, as in Wikipedia's.
function trimmed(candidate: string): string {
  let link = candidate;
  for (let before = ''; before !== link;) {
    before = link;
    link = link.replace(kTrailing, '');
    for (const [open, close] of ['()', '[]', '{}'] as Iterable<string>) {
      if (link.endsWith(close ?? '') && count(link, close ?? '') > count(link, open ?? '')) link = link.slice(0, -1);
    }
  }
  return link;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function safeAddress(link: string): string | undefined {
  const hasScheme = /^(?:https?|mailto):/i.test(link);
  const address = hasScheme ? link : link.includes('@') && !/^www\./i.test(link) ? `mailto:${link}` : `https://${link}`;
  try {
    const url = new URL(address);
    // A name before the host is how a link to one place is made to look like one to another.
    const deceives = url.protocol !== 'mailto:' && (url.username !== '' || url.password !== '');
    return kSchemes.has(url.protocol) && !deceives ? url.href : undefined;
  } catch {
    return undefined;
  }
}
