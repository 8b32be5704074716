// Page tests: the finished page of dist/ in a real Chromium. Run them with `npm test`, or alone with
// `npx playwright test` once a build is there.

import { defineConfig } from '@playwright/test';
import process from 'node:process';

import { findChromium } from './scripts/chromium.js';
import { fonts } from './scripts/test-fonts.js';

const executablePath = findChromium() ?? undefined;

export default defineConfig({
  testDir: 'tests/page',
  outputDir: 'target/page-tests',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  timeout: 60_000,
  // A busy machine can be slower than a test waits: tried once more, and listed as flaky.
  expect: { timeout: 10_000 },
  retries: 1,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'on-first-retry',
    // The store for offline use takes every file of the page: half the work of a test. Tests of it allow it.
    serviceWorkers: 'block',
    launchOptions: {
      executablePath,
      env: { .../** @type {Record<string, string>} */ (process.env), ...fonts() },
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
