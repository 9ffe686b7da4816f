let attempts = 0;

/**
 * What `fetch` imports, also where that failed before: Chromium keeps the failure of an address for as long as the page
 * lives. Its error names the address, and a query makes another one of it, with the same script.
 */
export async function importAgain<Module>(
  fetch: () => Promise<Module>,
  importFrom = (address: string) => import(/* @vite-ignore */ address) as Promise<Module>,
): Promise<Module> {
  try {
    return await fetch();
  } catch (error) {
    const address = addressIn(error);
    if (address === undefined) throw error;
    return importFrom(`${address}?again=${String(++attempts)}`);
  }
}

function addressIn(error: unknown): string | undefined {
  return error instanceof TypeError ? /https?:\/\/\S+\.js/.exec(error.message)?.[0] : undefined;
}
