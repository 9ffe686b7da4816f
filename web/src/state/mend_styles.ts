/**
 * Notes which styles could not be fetched: the build's own loader asks for each once only, and a part that comes at the
 * second attempt would come without.
 */
export function noteMissedStyles(): void {
  const note = ({ target }: Event) => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') target.dataset['missed'] = '';
  };
  addEventListener('error', note, { capture: true }); // The errors of elements do not bubble.
}

/** Fetches them again. */
export async function mendStyles(): Promise<void> {
  const missed = document.querySelectorAll<HTMLLinkElement>('link[data-missed]');
  await Promise.all([...missed].map(fetchAgain));
}

function fetchAgain(before: HTMLLinkElement): Promise<void> {
  const link = before.cloneNode() as HTMLLinkElement;
  delete link.dataset['missed'];
  return new Promise((resolve, reject) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => reject(new Error(`no style from ${link.href}`)));
    before.replaceWith(link);
  });
}
