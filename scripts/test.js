// `npm test`: sets up everything and runs every check, in the order that finds faults soonest.

import process from 'node:process';

import { installBrowsers, smokeTests } from '../tests/browsers/smoke.js';
import { chromium } from './chromium.js';
import { doorsPython } from './doors.js';
import { independent, python } from './independent.js';
import { lockFilesNameNoHosts } from './lockfiles.js';
import { roomsAreInOrder } from './rooms.js';
import { root, tools } from './setup.js';
import { sizes } from './size.js';
import { background, packages, run, step, summary } from './steps.js';
import { tex } from './tex.js';

const cargo =
  (/** @type {string[]} */ ...args) =>
  () =>
    run(['cargo', ...args]);
const node = (/** @type {string[]} */ ...args) => run([process.execPath, ...args]);
const WASM = ['--target', 'wasm32-unknown-unknown'];

/** What the compiler says of the source, in a folder of its own: it shares nothing with what tests are made of. */
async function aboutSource() {
  const env = { CARGO_TARGET_DIR: 'target/lint' };
  const lint = (/** @type {string[]} */ ...args) =>
    run(['cargo', 'clippy', '--locked', ...args, '--', '-D', 'warnings'], { env });
  await step('clippy', () => lint('--workspace', '--all-targets'));
  await step('clippy (wasm32)', () => lint('--lib', ...WASM));
  // The build of dist compiles each other mechanism alone and refuses warnings.
  await step('power flow alone', () => lint('--lib', '--no-default-features', '--features', 'power_flow'));
  const rustdoc = { ...env, RUSTDOCFLAGS: '-D warnings' };
  await step('documentation', () => run(['cargo', 'doc', '--locked', '--workspace', '--no-deps'], { env: rustdoc }));
}

/** One processor for what the built page says and how its scripts are typed, */
async function aboutTexts() {
  await step('catalogues', () => node('scripts/catalogue.js', '--check'));
  await step('figures in documents', async () => {
    await documents;
    await node('--test', '--test-reporter=dot', 'tests/doors/');
  });
  await step('types of the JavaScript', async () => {
    for (const project of ['tsconfig.json', 'tsconfig.worker.json', 'tsconfig.packages.json', 'tsconfig.node.json']) {
      await node('node_modules/typescript/bin/tsc', '--project', project);
    }
  });
}

/** another for what its modules compute. */
async function aboutNumbers() {
  await step('session in WebAssembly', () => node('--test', '--test-reporter=dot', 'tests/wasm/'));
  await step('mutated links in WebAssembly', () => node('tests/fuzz/wasm.js'));
  await step('same numbers natively and in WebAssembly', () =>
    node('tests/fuzz/native_vs_wasm.mjs', 'target/debug/tandem', 'dist'),
  );
}

console.log(`Checks of Tandem in ${root}`);
/** @type {Promise<string>} */
let browser;
/** @type {Promise<string>} */
let installed;
/** @type {Promise<string>} */
let interpreter;
/** @type {Promise<string>} */
let documents;
/** @type {Promise<void>} */
let browsers;
/** @type {Promise<boolean>} */
let typesetter;

await step('tools', () => {
  tools();
  lockFilesNameNoHosts();
  roomsAreInOrder();
  // They wait for the network: they go on beside the compiler.
  browser = background(chromium());
  installed = background(packages);
  interpreter = background(python);
  documents = background(doorsPython);
  browsers = background(() => browser.then(installBrowsers));
  typesetter = background(() => browser.then(tex));
});
await step('format', cargo('fmt', '--all', '--check'));
await step('dependencies', cargo('xtask', 'deny'));
// The compiler reads the library on one processor before it writes machine code on all.
await Promise.all([aboutSource(), step('tests', cargo('test', '--locked', '--workspace'))]);
await step('figures in TeX', async () => {
  if (!(await typesetter)) return 'no TeX here (Debian: texlive-latex-base, texlive-pictures)';
  const test = ['test', '--locked', '--workspace', '--test', 'surface', 'export::tex'];
  return run(['cargo', ...test], { env: { TANDEM_TEX: 'required' } }).then(() => undefined);
});
await step('types of the data', () => node('scripts/types.js', '--check'));
await step('glossary', () => node('scripts/glossary.js', '--check'));
// Each of these keeps one processor busy.
await Promise.all([
  step('mutated input', () => node('tests/fuzz/run.js')),
  step('independent programs', async () => independent(await interpreter)),
]);
await step('packages', () => installed);
await step('style of the JavaScript', () => node('node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings'));
await step('build of dist', cargo('xtask', 'dist'));
await step('packages to publish', () => node('scripts/packages-check.js'));
await Promise.all([aboutTexts(), aboutNumbers()]);
await step('browser', () => browser);
await step('page tests', async () =>
  run([process.execPath, 'node_modules/@playwright/test/cli.js', 'test'], { env: { CHROMIUM_PATH: await browser } }),
);
await step('other browsers', async () => {
  await browsers;
  return smokeTests();
});
await step('size', sizes);
summary();
console.log('\nAll checks passed.');
