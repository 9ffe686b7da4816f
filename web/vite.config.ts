import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { preloadPages } from './vite.preload.config';

// `./run --dev` says where the server is.
const server = process.env['PARLEY_SERVER'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), preloadPages()],
  resolve: { alias: { '@parley/client': fileURLToPath(new URL('./sdk/src/index.ts', import.meta.url)) } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // The Content-Security-Policy allows no data: URLs.
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: {
    proxy: {
      '/socket.io': { target: server, ws: true },
      '/ws': { target: server, ws: true },
      '/api': server,
    },
  },
  test: {
    include: ['src/**/*.test.ts', 'sdk/src/**/*.test.ts'],
    testTimeout: 30_000, // A busy machine is slow, not wrong.
  },
});
