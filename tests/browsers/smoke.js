// The built page in browsers other than Chromium: gallery, lab, share, embed, without a network. What a browser shows is
// left in target/browsers as a picture.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { serve } from '../../scripts/serve.js';
import { root } from '../../scripts/setup.js';
import { canInstall, installWithApt } from '../../scripts/steps.js';

/**
 * @typedef {object} Browser
 * @property {string} name
 * @property {(url: string) => Promise<any>} open Load a page and wait until it is loaded.
 * @property {(expression: string) => Promise<any>} ask Value of an expression in the page, through JSON.
 * @property {() => Promise<Buffer>} picture
 * @property {() => Promise<void>} close
 */

const DIST = path.join(root, 'dist');
const SECONDS = 60;

/**
 * Wait until an expression in the page is true.
 * @param {Browser} browser
 * @param {string} what Words for the failure.
 * @param {string} expression
 */
async function until(browser, what, expression) {
  const end = performance.now() + SECONDS * 1000;
  for (;;) {
    // A page that is being loaded has no answer yet.
    const answer = await browser.ask(expression).catch(() => undefined);
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`${browser.name}: ${what}: not so after ${SECONDS} s`);
    await pause(100);
  }
}

const FIRST_RESULT = "performance.getEntriesByName('tandem:first-result').length > 0";
const shown = (/** @type {string} */ text) => `document.body.innerText.includes(${JSON.stringify(text)})`;
const button = (/** @type {string} */ name) =>
  `[...document.querySelectorAll('button')].find((one) => (one.getAttribute('aria-label') ?? one.textContent).trim() === ${JSON.stringify(name)})`;

/**
 * What every browser has to do.
 * @param {Browser} browser
 */
async function smoke(browser) {
  const site = await serve({ root: DIST });
  let open = true;
  try {
    await browser.open(site.url);
    await until(browser, 'the gallery shows its first result', FIRST_RESULT);
    await until(browser, 'the gallery lists presets', 'document.querySelectorAll(\'a[href*="#p="]\').length > 20');
    await picture(browser, 'gallery');

    await browser.open('about:blank');
    await browser.open(`${site.url}#p=zuo-4node`);
    await until(browser, 'the lab shows its first result', FIRST_RESULT);
    await until(browser, 'the lab draws its charts', "document.querySelectorAll('svg').length > 5");
    await picture(browser, 'lab');

    await browser.ask(`${button('Share')}.click()`);
    const link = await until(browser, 'Share gives the link', "document.querySelector('dialog input')?.value");
    if (!String(link).endsWith('#p=zuo-4node')) throw new Error(`${browser.name}: Share gives ${link}`);

    await browser.open('about:blank');
    await browser.open(`${site.url}?embed=1&view=dispatch#p=zuo-4node`);
    await until(browser, 'the embed draws its figure', `${FIRST_RESULT} && document.querySelector('svg') !== null`);

    // Private sessions of a browser may keep no service worker; where there is one it has to serve the page.
    if (await browser.ask("'serviceWorker' in navigator")) {
      await browser.open(site.url);
      await until(
        browser,
        'the page is kept for use without a network',
        "(await navigator.serviceWorker.ready).active?.state === 'activated' && navigator.serviceWorker.controller !== null",
      );
      await site.close();
      open = false;
      await browser.open('about:blank');
      await browser.open(`${site.url}#p=triangle`);
      await until(browser, 'the page works without a network', `${FIRST_RESULT} && ${shown('50')}`);
      return 'gallery, lab, share, embed, offline';
    }
    return 'gallery, lab, share, embed (keeps no service worker)';
  } catch (failure) {
    await picture(browser, 'failed').catch(() => undefined);
    throw failure;
  } finally {
    if (open) await site.close();
  }
}

/**
 * @param {Browser} browser
 * @param {string} name
 */
async function picture(browser, name) {
  const folder = path.join(root, 'target', 'browsers');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${browser.name}-${name}.png`.toLowerCase()), await browser.picture());
}

/** @param {string} name */
function find(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, name)).find(existsSync);
}

/** WebKitGTK's browser lies in a folder of its version. */
function miniBrowser() {
  for (const above of [
    '/usr/lib',
    `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`,
    '/usr/libexec',
  ]) {
    const found = existsSync(above)
      ? readdirSync(above).filter((name) => name.startsWith('webkit2gtk-') || name.startsWith('webkitgtk-'))
      : [];
    for (const name of found) {
      const file = path.join(above, name, 'MiniBrowser');
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}

const BROWSERS = [
  {
    name: 'Firefox',
    packages: ['firefox-esr'],
    start: () => {
      const program = find('firefox-esr') ?? find('firefox');
      return program ? async () => (await import('./firefox.js')).firefox(program) : undefined;
    },
  },
  {
    name: 'WebKit',
    packages: ['webkit2gtk-driver', 'xvfb'],
    start: () => {
      const driver = find('WebKitWebDriver');
      const browser = miniBrowser();
      const display = find('Xvfb');
      return driver && browser && display
        ? async () => (await import('./webkit.js')).webkit({ driver, browser, display })
        : undefined;
    },
  },
];

/** Install what apt-get can install of the browsers. */
export async function installBrowsers() {
  if (process.platform !== 'linux' || !find('apt-get') || !canInstall()) return;
  for (const { packages, start } of BROWSERS) {
    if (!start()) await installWithApt(packages).catch(() => undefined);
  }
}

/**
 * Try the page in every browser that is there.
 * @param {string[]} [wanted] Names; all where empty.
 * @returns {Promise<string>} What was tried and what could not be.
 */
export async function smokeTests(wanted = []) {
  const told = [];
  for (const { name, start } of BROWSERS) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const launch = start();
    if (!launch) {
      told.push(`${name}: not installed here`);
      continue;
    }
    const browser = await launch();
    try {
      told.push(`${name}: ${await smoke(browser)}`);
    } finally {
      await browser.close();
    }
  }
  return told.join('; ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await smokeTests(process.argv.slice(2)));
