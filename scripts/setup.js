// What a machine needs before anything can be built: looked for, set up where that is possible without
// asking, and named plainly where it is not.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const NODE = 20;
const WASM = 'wasm32-unknown-unknown';
const STAMP = path.join(root, 'node_modules', '.tandem-lock');

/** Something is missing that the program cannot set up by itself; the message says what to do. */
export class Missing extends Error {}

/** Check Node, Rust and a linker, and add the WebAssembly target. Throws {@link Missing}. */
export function tools() {
  const node = Number(process.versions.node.split('.')[0]);
  if (node < NODE) {
    throw new Missing(`Node ${process.versions.node} is too old: install Node ${NODE} or newer (https://nodejs.org).`);
  }
  const channel = /channel\s*=\s*"([^"]+)"/.exec(readFileSync(path.join(root, 'rust-toolchain.toml'), 'utf8'))?.[1];
  // The first call of cargo may fetch the toolchain, which takes a minute and should be seen.
  const cargo = spawnSync('cargo', ['--version'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (cargo.error) {
    throw new Missing(
      'Rust is missing (no `cargo` on the PATH): install it from https://rustup.rs, ' +
        'open a new terminal and run this again.',
    );
  }
  if (cargo.status !== 0) {
    throw new Missing(
      `Rust ${channel} is not installed: run \`rustup toolchain install ${channel}\`, then this again.`,
    );
  }
  if (process.platform === 'linux' && spawnSync('cc', ['--version'], { stdio: 'ignore' }).error) {
    throw new Missing(
      'A linker is missing (no `cc` on the PATH), which Rust needs: on Debian or Ubuntu run ' +
        '`apt-get install build-essential`, elsewhere install gcc or clang.',
    );
  }
  wasmTarget();
}

/** Make sure that Rust can compile for the browser. */
function wasmTarget() {
  const sysroot = spawnSync('rustc', ['--print', 'sysroot'], { cwd: root, encoding: 'utf8' });
  const library = path.join((sysroot.stdout ?? '').trim(), 'lib', 'rustlib', WASM);
  if (sysroot.status === 0 && existsSync(library)) return;
  const added = spawnSync('rustup', ['target', 'add', WASM], { cwd: root, stdio: 'inherit' });
  if (added.error) {
    throw new Missing(
      `The Rust target ${WASM} is missing, and there is no rustup to add it: install Rust from ` +
        'https://rustup.rs, or the package of your system that holds this target (Debian: libstd-rust-dev-wasm32).',
    );
  }
  if (added.status !== 0) {
    throw new Missing(
      `The Rust target ${WASM} could not be added (see above). With a network, run ` +
        `\`rustup target add ${WASM}\` in this folder until it succeeds, then this again.`,
    );
  }
}

/** Whether `node_modules` holds exactly what the lock file says, for this system. */
export function packagesAreReady() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted();
}

/** The command that installs the packages of the lock file. */
export function packagesCommand() {
  // Run through npm, its own script is known and works on every system; else the command is on the PATH.
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js') ? [process.execPath, npm, 'ci'] : ['npm', 'ci'];
}

/** Remember that the packages are installed. */
export function markPackages() {
  writeFileSync(STAMP, wanted());
}

function wanted() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform} ${process.arch}\n`;
}
