import type { HtmlTagDescriptor, Plugin, Rollup } from 'vite';

/** What runs first, and what draws a meeting. */
const kBoot = /\/src\/boot\.ts$/;
const kDrawn = /\/src\/(main|pages\/Meeting)\.tsx$/;
/** The SDK's index names it, and no join needs it. */
const kDoctor = /\/sdk\/src\/doctor\//;

/**
 * A join fetches two scripts, at once: `boot`, which starts it, and `meeting`, which draws it. Each file more would cost the
 * browser some milliseconds. What else there is comes when it is needed.
 */
export function preloadPages(): Plugin {
  return {
    name: 'parley:preload-pages',
    apply: 'build',
    enforce: 'post',
    config: () => ({ build: { rollupOptions: { output: { manualChunks: chunkOf } } } }),
    transformIndexHtml(html, { bundle }) {
      const outputs = Object.values(bundle ?? {});
      const meeting = outputs.find((output) => output.type === 'chunk' && output.name === 'meeting');
      if (meeting?.type !== 'chunk') throw new Error('nothing draws a meeting');
      const link = (rel: string, file: string): HtmlTagDescriptor => ({
        tag: 'link',
        attrs: { rel, crossorigin: true, href: `/${file}` },
        injectTo: 'head',
      });
      const styles = [...(meeting.viteMetadata?.importedCss ?? [])];
      return {
        html: html.replace('<script type="module"', '<script type="module" async'), // It waits for no style.
        tags: [link('modulepreload', meeting.fileName), ...styles.map((file) => link('stylesheet', file))],
      };
    },
  };
}

type Graph = Pick<Rollup.ManualChunkMeta, 'getModuleIds' | 'getModuleInfo'>;

function chunkOf(id: string, graph: Graph): string | undefined {
  if (kDoctor.test(id)) return 'doctor';
  if (reached(kBoot, graph).has(id)) return 'boot';
  return reached(kDrawn, graph).has(id) ? 'meeting' : undefined;
}

const known = new Map<RegExp, ReadonlySet<string>>();

/** These modules, and all that they import. */
function reached(from: RegExp, { getModuleIds, getModuleInfo }: Graph): ReadonlySet<string> {
  const before = known.get(from);
  if (before) return before;
  const found = new Set<string>();
  const add = (id: string): void => {
    if (found.has(id)) return;
    found.add(id);
    getModuleInfo(id)?.importedIds.forEach(add);
  };
  [...getModuleIds()].filter((id) => from.test(id)).forEach(add);
  known.set(from, found);
  return found;
}
