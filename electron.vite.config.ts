import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import window from './vite.config.ts';

const root = import.meta.dirname;

/**
 * The desktop app. The core is compiled file by file into `out/`, which mirrors the checkout, because
 * modules find what belongs to them (the compose file, migrations, the manifest) by their own place.
 */
export default defineConfig({
  main: {
    plugins: [resources()],
    build: {
      outDir: 'out',
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        input: join(root, 'main', 'doors', 'electron', 'main.ts'),
        output: { format: 'es', preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        input: join(root, 'preload', 'index.ts'),
        // A sandboxed preload is one CommonJS file.
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    ...window,
    root: join(root, 'renderer'),
    build: {
      ...window.build,
      outDir: join(root, 'out', 'dist', 'renderer'),
      rollupOptions: { input: join(root, 'renderer', 'index.html') },
    },
  },
});

/** Copies what the core reads at run time to where it looks for it. */
function resources(): Plugin {
  return {
    name: 'noodlebox-resources',
    closeBundle() {
      mkdirSync(join(root, 'out'), { recursive: true });
      for (const name of ['compose', 'seeds', 'package.json']) {
        cpSync(join(root, name), join(root, 'out', name), { recursive: true, filter: (path) => !/\.(ts|env)$/.test(path) });
      }
      cpSync(join(root, 'build', 'icon.png'), join(root, 'out', 'icon.png'));
    },
  };
}
