import path from 'node:path';
import { defineConfig } from 'vite';

const page = (file: string) => path.join(import.meta.dirname, 'pages', file);

// Not pages but their scripts and styles: the function `app` renders the pages, and finds the files in
// the manifest. See https://vite.dev/guide/backend-integration
export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'warn',
  build: {
    manifest: true,
    outDir: 'dist/public',
    emptyOutDir: true,
    target: 'es2022',
    // The pages' Content-Security-Policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        'sign-in': page('sign-in.ts'),
        profile: page('profile.ts'),
        premium: page('premium.ts'),
        notifications: page('notifications.ts'),
        'simulated-notifications': page('simulated-notifications.ts'),
        'tini-app': page('tini-app.ts'),
        styles: page('styles/pages.css'),
      },
    },
  },
});
