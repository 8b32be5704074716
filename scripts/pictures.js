// The pictures of the front page, drawn at build by the program of the page: `node scripts/pictures.js SITE` writes
// SITE/pictures/ID.svg for every preset whose card shows one. They are kept in target/pictures/ and drawn anew when the
// program, the list or this file is another.

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { parts } from '../www/js/front/questions.js';
import { root } from './setup.js';

/** Size of a picture, px: a little more than a card, so that labels find room and can still be read. */
const SIZE = { width: 360, height: 156 };

const site = path.resolve(process.argv[2] ?? 'dist');
const module = readFileSync(path.join(site, 'pkg/tandem_bg.wasm'));
const door = await import(pathToFileURL(path.join(site, 'pkg/tandem.js')).href);
door.initSync({ module });
const pictured = parts(door.gallery()).flatMap((part) => part.pictured);

const made = [module, readFileSync(fileURLToPath(import.meta.url)), pictured.map(({ id }) => id).join()];
const digest = made.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const kept = path.join(root, 'target/pictures');
const folder = path.join(kept, digest.slice(0, 16));
if (!existsSync(folder)) draw();
cpSync(folder, path.join(site, 'pictures'), { recursive: true });

function draw() {
  rmSync(kept, { recursive: true, force: true });
  const half = `${folder}.half`;
  mkdirSync(half, { recursive: true });
  const session = new door.Session();
  for (const { id, thumbnail } of pictured) {
    session.preset(id);
    session.solve([]);
    const sheet = session.sheet();
    writeFileSync(path.join(half, `${id}.svg`), sheet.chart(thumbnail, { ...SIZE, dark: false }).svg);
    sheet.free();
  }
  renameSync(half, folder);
}
