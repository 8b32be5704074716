// Independent programs in Python against the product: `npm test` runs a short round, `npm run independent` a long one.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { Missing, root } from './setup.js';
import { installWithApt, run, step } from './steps.js';

const HERE = path.join(root, 'tests', 'independent');
const PINS = path.join(HERE, 'requirements.txt');
/** With what only the long round asks. */
const LONG = path.join(HERE, 'requirements-long.txt');
const FOLDER = path.join(root, 'target', 'independent', 'python');
const OLDEST = [3, 11];

/**
 * A Python of its own with the pinned packages, made under target/ unless it is there.
 * @param {string} [pins]
 * @param {string} [folder]
 * @returns {Promise<string>} Its path.
 */
export async function python(pins = PINS, folder = FOLDER) {
  const stamp = path.join(folder, '.tandem-pins');
  const own = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const wanted = createHash('sha256').update(readFileSync(pins)).digest('hex');
  if (existsSync(own) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return own;
  if (!works()) await installWithApt(['python3', 'python3-venv']).catch(() => undefined);
  if (!works()) {
    throw new Missing(
      `The independent programs and the doors need Python ${OLDEST.join('.')} or newer with its venv module ` +
        '(Debian, Ubuntu: `sudo apt-get install python3 python3-venv`).',
    );
  }
  await run(['python3', '-m', 'venv', '--clear', folder], { quiet: true });
  await run([own, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', pins], {
    quiet: true,
  });
  writeFileSync(stamp, wanted);
  return own;
}

/** Whether `python3` is new enough and can make environments. */
function works() {
  const test = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${OLDEST.join(', ')}))`;
  return spawnSync('python3', ['-c', test], { stdio: 'ignore' }).status === 0;
}

/**
 * Runs the programs.
 * @param {string} interpreter
 * @param {string[]} options of tests/independent/run.py
 */
export function independent(interpreter, options = []) {
  return run([interpreter, path.join(HERE, 'run.py'), ...options]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = process.argv.slice(2);
  await step('product', () => run(['cargo', 'build', '--locked', '--release']));
  await step('independent programs', async () => {
    const binary = path.join(root, 'target', 'release', 'tandem');
    await independent(await python(LONG), ['--binary', binary, ...(options.length > 0 ? options : ['--long'])]);
  });
}
