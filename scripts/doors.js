// The Python of the doors: Sphinx with MyST, and pandoc, which Quarto is made of.

import path from 'node:path';

import { python } from './independent.js';
import { root } from './setup.js';

/** @returns {Promise<string>} its path; made under target/ unless it is there */
export function doorsPython() {
  return python(path.join(root, 'tests/doors/requirements.txt'), path.join(root, 'target/doors-python'));
}
