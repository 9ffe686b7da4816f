import type { Plugin } from 'vite';

/** The chunks that a join needs besides the entry: fetched along with it, not after it has run. */
const kPreloaded = ['main', 'Meeting'];

/** Writes `<link rel="modulepreload">` for them and what they import into index.html. */
export function preloadPages(): Plugin {
  return {
    name: 'parley:preload-pages',
    apply: 'build',
    enforce: 'post',
    transformIndexHtml(html, { bundle }) {
      const chunks = Object.values(bundle ?? {}).filter((output) => output.type === 'chunk');
      const files = new Set<string>();
      const add = (file: string): void => {
        if (files.has(file)) return;
        files.add(file);
        chunks.find(({ fileName }) => fileName === file)?.imports.forEach(add);
      };
      chunks.filter(({ name }) => kPreloaded.includes(name)).forEach(({ fileName }) => add(fileName));
      return [...files]
        .filter((file) => !html.includes(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
          injectTo: 'head' as const,
        }));
    },
  };
}
