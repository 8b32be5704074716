// A Chromium for the page tests: the one named, one that is installed, or one that apt-get can install.

import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { Missing } from './setup.js';
import { canInstall, installWithApt } from './steps.js';

/** The shell first: it draws no window and takes half the time. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The path of a Chromium or Chrome: `CHROMIUM_PATH`, else the first one found; null if there is none. */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (runs(named)) return named;
    throw new Missing(`CHROMIUM_PATH is ${named}, which is not a program.`);
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const found = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...found, ...MAC].find(runs) ?? null;
}

/**
 * The same, and where there is none the work that installs Debian's package.
 * Throws {@link Missing} with the remedy at once where it cannot be installed.
 * @returns {() => Promise<string>} Its result is the path.
 */
export function chromium() {
  const found = findChromium();
  if (found) return async () => found;
  const remedy =
    'install Chromium or Chrome (Debian, Ubuntu: `sudo apt-get update && sudo apt-get install chromium`), ' +
    'or set CHROMIUM_PATH to one.';
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).error) {
    throw new Missing(`The page tests need a browser: ${remedy}`);
  }
  if (!canInstall()) {
    throw new Missing(`The page tests need a browser, and only an administrator can install it here: ${remedy}`);
  }
  return async () => {
    // Not every distribution has the shell on its own.
    await installWithApt(['chromium-headless-shell'])
      .catch(() => installWithApt(['chromium']))
      .catch((failure) => {
        throw new Missing(`${failure.message}\nTo go on, ${remedy}`);
      });
    const installed = findChromium();
    if (installed) return installed;
    throw new Missing(`apt-get installed no Chromium that can be found: ${remedy}`);
  };
}

/** @param {string} file */
function runs(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
