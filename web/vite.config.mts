import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/**
 * The console's build. Nothing is inlined: the content security policy allows neither inline code nor data
 * URLs for scripts and styles.
 */
export default defineConfig({
  root: import.meta.dirname,
  // Beside index.html, so that the console can be served below any path.
  base: './',
  build: {
    outDir: resolve(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // Written by Vite as an inline script otherwise; every browser that the console supports preloads modules.
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 2500,
    rolldownOptions: {
      // The design system's files say `use client`, for servers that render; there is none here.
      onLog(level, log, report) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
      output: {
        // Ours changes with each release, the design system seldom: a browser keeps it.
        manualChunks: (id: string) =>
          id.includes('/node_modules/@cloudscape-design/')
            ? 'cloudscape'
            : id.includes('/node_modules/')
              ? 'vendor'
              : undefined,
      },
    },
  },
});
