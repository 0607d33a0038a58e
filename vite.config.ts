import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The window: built once, served as files by the web door and loaded by the Electron window. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome120',
    // Fonts and images stay files: the windows' content policy lets no data: URL in.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
});
