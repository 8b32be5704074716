// Lock files name packages and versions, never the host that served them on one machine.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { root } from './setup.js';
import { Failed } from './steps.js';

const CRATES = 'registry+https://github.com/rust-lang/crates.io-index';

/** Fails if a lock file names a host of packages other than the public index of Rust. */
export function lockFilesNameNoHosts() {
  const npm = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  // Packages of our own lie in a folder.
  const resolved = /"resolved": "(?!packages\/\w+").*/.exec(npm)?.[0];
  if (resolved) throw new Failed(`package-lock.json names a host: ${resolved}`);
  const cargo = readFileSync(path.join(root, 'Cargo.lock'), 'utf8');
  const sources = new Set([...cargo.matchAll(/^source = "(.*)"$/gm)].map((match) => match[1]));
  sources.delete(CRATES);
  if (sources.size > 0) throw new Failed(`Cargo.lock names another source: ${[...sources].join(', ')}`);
}
