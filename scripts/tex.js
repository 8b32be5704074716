// A TeX for the test that compiles figures: the one that is there, or Debian's; without either the test says so and goes on.

import { spawnSync } from 'node:child_process';

import { canInstall, installWithApt } from './steps.js';

const PACKAGES = ['texlive-latex-base', 'texlive-pictures'];

function isThere() {
  return spawnSync('pdflatex', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Whether there is one, after an attempt to install it. @returns {Promise<boolean>} */
export async function tex() {
  if (isThere()) return true;
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).error || !canInstall()) return false;
  await installWithApt(PACKAGES).catch(() => undefined);
  return isThere();
}
