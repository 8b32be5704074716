// `node scripts/packages-check.js`: fills the packages, packs each as npm would publish it, and has what is in the pack
// looked through: files and exports by publint, types by are-the-types-wrong and by the compiler, sizes.

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { PACKAGES, fillPackages } from './packages.js';
import { packagesCommand, root } from './setup.js';
import { Failed, run } from './steps.js';

/** What may weigh how much after gzip, bytes: all scripts of a package together, and the script of hosts alone. */
const LIMITS = { 'packages/link/dist': 5000, 'dist/embed.js': 3000 };
/** The packages are modules: what only a `require` meets is none of their faults. */
const RESOLUTIONS = ['node16-esm', 'bundler'];

/** Fails where a pack is not as it should be; what they weigh, in words. */
export async function checkPackages() {
  await fillPackages();
  const packs = path.join(root, 'target/packs');
  rmSync(packs, { recursive: true, force: true });
  mkdirSync(packs, { recursive: true });
  const npm = packagesCommand().slice(0, -1);
  await run([...npm, 'pack', '--workspaces', '--pack-destination', packs], { quiet: true });
  for (const name of PACKAGES) {
    const file = readdirSync(packs).find((one) => one.startsWith(`tandem-market-${name}-`));
    const pack = readFileSync(path.join(packs, file ?? ''));
    const faults = [...(await linted(pack)), ...(await typed(pack))];
    if (faults.length > 0) throw new Failed(`packages/${name}:\n${faults.join('\n')}`);
  }
  // As whoever installs them writes it, with every check of the compiler.
  const [tsc, own] = ['node_modules/typescript/bin/tsc', 'tests/packages/types.ts'];
  for (const ways of [['nodenext'], ['esnext', '--moduleResolution', 'bundler']])
    await run([
      process.execPath,
      tsc,
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--types',
      'node',
      '--module',
      ...ways,
      own,
    ]);
  return weighed();
}

/** @param {Buffer} pack */
async function linted(pack) {
  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: /** @type {ArrayBuffer} */ (new Uint8Array(pack).buffer) },
  });
  return messages.map((message) => `publint: ${formatMessage(message, pkg ?? {}, { color: false }) ?? message.code}`);
}

/** @param {Buffer} pack */
async function typed(pack) {
  const files = createPackageFromTarballData(new Uint8Array(pack));
  const found = await checkPackage(files, { excludeEntrypoints: ['./tandem.wasm', './package.json'] });
  if (!found.types) return ['it has no types'];
  return found.problems
    .filter((one) => !('resolutionKind' in one) || RESOLUTIONS.includes(one.resolutionKind))
    .map((one) => `types: ${JSON.stringify(one)}`);
}

function weighed() {
  const gzip = (/** @type {string} */ file) => gzipSync(readFileSync(file), { level: 9 }).length;
  return Object.entries(LIMITS)
    .map(([place, limit]) => {
      const whole = path.join(root, place);
      const files = place.endsWith('.js')
        ? [whole]
        : readdirSync(whole)
            .filter((file) => file.endsWith('.js'))
            .map((file) => path.join(whole, file));
      const bytes = files.reduce((sum, file) => sum + gzip(file), 0);
      if (bytes > limit) throw new Failed(`${place} weighs ${bytes} B gzip, over ${limit}`);
      return `${place} ${bytes} B gzip (limit ${limit})`;
    })
    .join(', ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await checkPackages().then(
    (sizes) => console.log(sizes),
    (/** @type {Error} */ failure) => {
      console.error(failure.message);
      process.exitCode = 1;
    },
  );
}
