// Runs named steps, shows what they print, and stops at the first that fails.

import { spawn, spawnSync } from 'node:child_process';
import process from 'node:process';

import { Missing, markPackages, packagesAreReady, packagesCommand, root } from './setup.js';

/** @typedef {{ name: string, seconds: number, note: string }} Done */

/** @type {Done[]} */
const done = [];

/** A command that ended badly. */
export class Failed extends Error {}

/**
 * Run one step under its name and time it; steps side by side share what they print.
 * @param {string} name
 * @param {() => Promise<string | void> | string | void} work What it returns is shown beside the name.
 */
export async function step(name, work) {
  console.log(`\n── ${name}`);
  const start = performance.now();
  try {
    const note = (await work()) ?? '';
    done.push({ name, seconds: (performance.now() - start) / 1000, note });
  } catch (failure) {
    summary();
    console.error(`\nFAILED: ${name}\n${explain(failure)}`);
    process.exit(1);
  }
}

/**
 * Start work that mostly waits for the network; the step that needs its result awaits it.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function background(work) {
  const result = work();
  // The step that awaits the result reports a failure; until then it is no unhandled one.
  result.catch(() => undefined);
  return result;
}

/**
 * What went wrong, in words for a missing tool or a failed command, with its trace otherwise.
 * @param {unknown} failure
 */
function explain(failure) {
  if (failure instanceof Missing || failure instanceof Failed) return failure.message;
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}

/** Print the steps done so far with their times. */
export function summary() {
  if (done.length === 0) return;
  const width = Math.max(...done.map(({ name }) => name.length));
  console.log('');
  for (const { name, seconds, note } of done) {
    console.log(`  ok  ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${note}`.trimEnd());
  }
}

/**
 * Run a command in the repository.
 * @param {string[]} command
 * @param {{ env?: Record<string, string>, quiet?: boolean }} [options] `quiet`: print only if it fails.
 * @returns {Promise<void>}
 */
export function run([program, ...args], { env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program ?? '', args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    /** @type {Buffer[]} */
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    const shown = [program, ...args].join(' ');
    child.on('error', (failure) => reject(new Failed(`${shown}: ${failure.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve();
      process.stdout.write(Buffer.concat(output));
      reject(new Failed(`${shown} ended with ${signal ?? `status ${code}`}`));
    });
  });
}

/** Install the packages of the lock file unless they are there. */
export async function packages() {
  if (packagesAreReady()) return 'up to date';
  await run(packagesCommand(), { quiet: true });
  markPackages();
  return 'installed';
}

/** Whether apt-get may install packages without asking for a password. */
export function canInstall() {
  return process.getuid?.() === 0 || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}

/** @type {Promise<void> | undefined} One call of apt-get at a time; the list of packages is fetched once. */
let apt;

/**
 * Install Debian packages; fails where there is no apt-get or no right to use it.
 * @param {string[]} names
 * @returns {Promise<void>}
 */
export function installWithApt(names) {
  const command = [
    ...(process.getuid?.() === 0 ? [] : ['sudo', '-n']),
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
  ];
  // A list that is partly out of reach may still do: only the installation decides.
  apt ??= run([...command, 'update'], { quiet: true }).catch(() => undefined);
  const installed = apt.then(() =>
    run([...command, 'install', '-y', '--no-install-recommends', ...names], { quiet: true }),
  );
  apt = installed.catch(() => undefined);
  return installed;
}
