import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import type { OutputBundle, OutputChunk } from 'rollup';
import { defineConfig, type Plugin } from 'vite';

const kOut = 'dist';
const kOfflinePage = 'offline.html';
const kWorker = 'sw.js';

/** Tells the service worker the two things it must know of the build: its version, and the offline page's files. */
function informWorker(): Plugin {
  return {
    name: 'parley:inform-worker',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle[kWorker];
        if (worker?.type !== 'chunk' || worker.imports.length > 0) throw new Error(`${kWorker} must be one file`);
        const files = filesOfOfflinePage(bundle);
        const code = worker.code
          .replace('PARLEY_VERSION', versionOf(files))
          .replace(/(["'`])PARLEY_FILES\1/, () => JSON.stringify(JSON.stringify(files)));
        if (code.includes('PARLEY_')) throw new Error(`${kWorker} was not told all`);
        worker.code = code;
      },
    },
  };
}

/** The page, its script and its styles; without the font, since every system has one. */
function filesOfOfflinePage(bundle: OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((output): output is OutputChunk => output.type === 'chunk');
  const script = chunks.find(({ name }) => name === 'offline');
  const styles = [...(script?.viteMetadata?.importedCss ?? [])].sort();
  return [kOfflinePage, ...(script ? [script.fileName] : []), ...styles].map((file) => `/${file}`);
}

// The names of the app's files carry the hash of what is in them: a new app is a new version.
function versionOf(files: readonly string[]): string {
  const names = [...readdirSync(`${kOut}/assets`).sort(), ...files];
  return createHash('sha256').update(names.join()).digest('hex').slice(0, 12);
}

/** The offline page and the service worker: built by themselves after the app, so that they share nothing with it. */
export default defineConfig({
  plugins: [informWorker()],
  build: {
    outDir: kOut,
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { offline: kOfflinePage, sw: 'src/worker/sw.ts' },
      output: { entryFileNames: ({ name }) => (name === 'sw' ? kWorker : 'assets/[name]-[hash].js') },
    },
  },
});
