// Chromium ends a page that finds no font at all, before the page's own can load. Where the machine has none, the
// browser of the tests is given one that the build has made.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What the environment of the browser needs besides: nothing where there are fonts.
 * @returns {Record<string, string>}
 */
export function fonts() {
  const list = spawnSync('fc-list', { encoding: 'utf8' });
  if (list.status !== 0 || list.stdout.trim() !== '') return {};
  const folder = fileURLToPath(new URL('../target/fonts', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'fonts.conf');
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><cachedir>${path.join(folder, 'cache')}</cachedir></fontconfig>
`,
  );
  return { FONTCONFIG_FILE: file };
}
