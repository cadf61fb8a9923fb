// How the page is built, served while developing, and tested.
// `vite --mode fake` serves it over the in-memory platform, for looking at it without the shell.

import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Every web view we run in reads woff2; the ttf and woff twins would triple the fonts we ship.
const woff2Only: Plugin = {
  name: 'woff2-only',
  enforce: 'pre',
  transform(code, id) {
    if (!/(katex|fontsource).*\.css/.test(id)) return undefined;
    return code.replace(/,\s*url\([^)]+\.(?:woff|ttf)\)\s*format\([^)]+\)/g, '');
  },
};

const fakeShell = {
  find: /^\.\/platform\/tauri$/,
  replacement: fileURLToPath(new URL('./src/testing/fake-shell.ts', import.meta.url)),
};

export default defineConfig(({ mode }) => ({
  plugins: [woff2Only, react()],
  clearScreen: false,
  // The editor completes what the sandbox's type stubs describe, and they lie beside the sandbox.
  server: { port: 5173, strictPort: true, fs: { allow: ['.', '../templates/sandbox/stubs'] } },
  resolve: { alias: mode === 'fake' ? [fakeShell] : [] },
  worker: { format: 'es' },
  build: {
    target: ['es2022', 'safari16.4'],
    // Fonts as data: addresses are refused by the content security policy.
    assetsInlineLimit: 0,
    // Monaco and Mermaid are one large chunk each, loaded when they are needed.
    chunkSizeWarningLimit: 5000,
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./src/testing/setup.ts'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    restoreMocks: true,
    // axe over a whole page takes seconds on a machine that is busy with a Rust build.
    testTimeout: 30_000,
  },
}));
