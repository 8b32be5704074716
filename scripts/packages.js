// `npm run packages`: fills `dist/` of each package in packages/ out of the built page, so that it can be packed.
//
// What is in `src/` of a package, minified, with its types; the program itself goes to `core`.

import { build } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { root } from './setup.js';
import { run } from './steps.js';

/** Folders of the packages. */
export const PACKAGES = ['link', 'core', 'element'];
/** Target of the scripts, as of the page. */
const TARGET = ['es2022', 'chrome111', 'firefox115', 'safari16.4'];
const LICENCES = ['LICENSE-MIT', 'LICENSE-APACHE'];

const at = (/** @type {string[]} */ ...names) => path.join(root, ...names);

/** Fill all packages. */
export async function fillPackages() {
  if (!existsSync(at('dist/pkg/tandem_bg.wasm'))) throw new Error('dist/ is missing: run `npm run build` first.');
  const types = at('target/types/packages');
  rmSync(types, { recursive: true, force: true });
  const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--stripInternal'];
  const tsc = [process.execPath, 'node_modules/typescript/bin/tsc', '--project', 'tsconfig.packages.json'];
  await run([...tsc, ...emit, '--rootDir', '.', '--outDir', types]);
  for (const name of PACKAGES) {
    const [source, target] = [at('packages', name, 'src'), at('packages', name, 'dist')];
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    const files = readdirSync(source).filter((file) => file.endsWith('.js'));
    // One file is smaller packed; where pages, workers and Node enter by doors of their own, each file stays one.
    const whole = name === 'link';
    await build({
      entryPoints: (whole ? ['index.js'] : files).map((file) => path.join(source, file)),
      outdir: target,
      bundle: whole,
      minify: true,
      format: 'esm',
      target: TARGET,
      charset: 'utf8',
      logLevel: 'warning',
    });
    // Types, of the code and written by hand.
    for (const folder of [path.join(types, 'packages', name, 'src'), source])
      for (const file of readdirSync(folder))
        if (file.endsWith('.d.ts')) copyFileSync(path.join(folder, file), path.join(target, file));
    for (const file of LICENCES) copyFileSync(at(file), at('packages', name, file));
  }
  program(at('packages/core/dist'));
  prepend(at('packages/element/dist/index.d.ts'), '/// <reference path="./globals.d.ts" />\n');
}

/** The program and its door, with the types of both. @param {string} target */
function program(target) {
  const door = readFileSync(at('dist/pkg/tandem.js'), 'utf8');
  const named = 'tandem_bg.wasm';
  if (door.split(named).length !== 2) throw new Error(`dist/pkg/tandem.js must name ${named} once`);
  writeFileSync(path.join(target, 'tandem.js'), door.replace(named, 'tandem.wasm'));
  copyFileSync(at('dist/pkg', named), path.join(target, 'tandem.wasm'));
  copyFileSync(at('target/types/pkg/tandem.d.ts'), path.join(target, 'tandem.d.ts'));
  copyFileSync(at('www/js/session/data.d.ts'), path.join(target, 'data.d.ts'));
  // The types of documents and reports go out by the front door.
  prepend(path.join(target, 'index.d.ts'), "export type * from './data.js';\n");
}

/** @param {string} file @param {string} text */
function prepend(file, text) {
  writeFileSync(file, text + readFileSync(file, 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await fillPackages().catch((/** @type {Error} */ failure) => {
    console.error(failure.message);
    process.exitCode = 1;
  });
}
