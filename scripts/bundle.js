// Bundles and minifies the page: what is needed at once in a few files, what opens later in files of its own.
//
//   node scripts/bundle.js SITE
//
// In SITE, in place of the modules of www/js and the style sheets of www/css. Files that something outside the code
// names keep their names. The door of the program (pkg/tandem.js) and the libraries (vendor/), with their licences at
// their heads, stay files of their own.

import { build, transform } from 'esbuild';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { root } from './setup.js';

/** What starts on its own, or is asked for by name. */
const ENTRIES = [
  'app/start',
  'app/main',
  'app/lab-view',
  'app/gallery-view',
  'app/offline',
  'app/how',
  'app/words',
  'session/worker',
  'network/tree',
  'grid/layout-worker',
  'charts/sheet-worker',
];
/** In one file, though it shares code with others: a worker that waits for parts starts later. */
const ALONE = ['session/shared-worker'];
/** Scripts that are no modules. */
const CLASSIC = ['app/guard', 'app/astray'];
/** Preloaded by the page of a scenario. */
const FIRST = ['app/start', 'app/main', 'app/lab-view'];
/** Style sheets that pages name; the others are parts of them. */
const SHEETS = [
  'page.css',
  'how.css',
  'words.css',
  'why.css',
  'start.css',
  'write.css',
  'edit.css',
  'builder.css',
  'class.css',
  'board.css',
  'layers.css',
  'paper.css',
  'export.css',
];
/** The line of www/js/session/modules.js that stands for what the build knows. */
const PLACES = {
  'const MODULES = {};': 'modules',
  'const AHEAD = {};': 'ahead',
  'const LESSONS = {};': 'lessons',
};
const TARGET = ['es2022', 'chrome111', 'firefox115', 'safari16.4'];

/** Where the widget comes from; a notebook carries its text in itself, at an address that nothing lies beside. */
const ORIGIN = `const tandemFrom=URL.canParse('.',import.meta.url)?import.meta.url:'carried:///';`;

const site = path.resolve(process.argv[2] ?? 'dist');
/** @type {Record<string, unknown>} */
const facts = JSON.parse(readFileSync(path.join(site, 'facts.json'), 'utf8'));
rmSync(path.join(site, 'facts.json'));

await scripts();
await styles();
await door();
await host('www/js/app/verify.js', 'certify/verify.js', { format: 'iife' });
await host('packages/element/src/host.js', 'embed.js');
await host('doors/widget/widget.js', 'widget.mjs', {
  define: { 'import.meta.url': 'tandemFrom' },
  banner: { js: ORIGIN },
});

async function scripts() {
  const js = path.join(site, 'js');
  /** @type {(names: string[]) => import('esbuild').BuildOptions} */
  const options = (names) => ({
    entryPoints: names.map((name) => ({ in: path.join(js, `${name}.js`), out: name })),
    outdir: `${js}.new`,
    bundle: true,
    minify: true,
    format: 'esm',
    target: TARGET,
    charset: 'utf8',
    chunkNames: 'parts/[name]-[hash]',
    plugins: [
      {
        name: 'page',
        setup(made) {
          made.onLoad({ filter: /session\/modules\.js$/ }, withFacts);
          // Every file of code lies two folders deep, bundled or not.
          made.onResolve({ filter: /\/(pkg|vendor)\// }, ({ path: named }) => ({ path: named, external: true }));
        },
      },
    ],
    logLevel: 'warning',
  });
  const { metafile } = await build({ ...options(ENTRIES), splitting: true, metafile: true });
  await build(options(ALONE));
  for (const name of CLASSIC) {
    const { code } = await transform(readFileSync(path.join(js, `${name}.js`), 'utf8'), {
      minify: true,
      target: TARGET,
    });
    writeFileSync(path.join(`${js}.new`, `${name}.js`), code);
  }
  rmSync(js, { recursive: true });
  renameSync(`${js}.new`, js);

  const outputs = new Map(
    Object.entries(metafile.outputs).map(([file, out]) => [
      path.relative(`${js}.new`, path.resolve(file)).replaceAll('\\', '/'),
      out.imports.filter(({ kind, external }) => kind === 'import-statement' && !external).map(({ path: to }) => to),
    ]),
  );
  const own = (/** @type {string} */ file) => path.relative(`${js}.new`, path.resolve(file)).replaceAll('\\', '/');
  /** @type {Set<string>} */
  const needed = new Set();
  const visit = (/** @type {string} */ file) => {
    if (needed.has(file)) return;
    needed.add(file);
    for (const next of outputs.get(file) ?? []) visit(own(next));
  };
  for (const name of FIRST) visit(`${name}.js`);
  const lines = [...needed].map((file) => `<link rel="modulepreload" href="js/${file}">`).join('\n');
  const index = path.join(site, 'index.html');
  const text = readFileSync(index, 'utf8');
  if (!text.includes('<!-- modules -->')) throw new Error('www/index.html has no place for its modules');
  writeFileSync(index, text.replace('<!-- modules -->', lines));
}

/** @param {{ path: string }} file */
function withFacts({ path: file }) {
  let contents = readFileSync(file, 'utf8');
  for (const [line, name] of Object.entries(PLACES)) {
    if (contents.split(line).length !== 2)
      throw new Error(`www/js/session/modules.js must hold this line once: ${line}`);
    contents = contents.replace(line, line.replace('{}', JSON.stringify(facts[name])));
  }
  return { contents, loader: /** @type {const} */ ('js') };
}

async function styles() {
  const css = path.join(site, 'css');
  const named = SHEETS.filter((name) => existsSync(path.join(css, name)));
  await build({
    entryPoints: named.map((name) => path.join(css, name)),
    outdir: css,
    allowOverwrite: true,
    bundle: true,
    minify: true,
    target: TARGET,
    charset: 'utf8',
    external: ['*.woff2'],
    logLevel: 'warning',
  });
  for (const name of readdirSync(css)) if (!SHEETS.includes(name)) rmSync(path.join(css, name));
}

async function door() {
  const file = path.join(site, 'pkg/tandem.js');
  const { code } = await transform(readFileSync(file, 'utf8'), { minify: true, target: TARGET, format: 'esm' });
  writeFileSync(file, code);
}

/**
 * A script of pages elsewhere: its name stays, as such pages hold it.
 * @param {string} from
 * @param {string} to
 * @param {import('esbuild').BuildOptions} [options]
 */
async function host(from, to, options = {}) {
  await build({
    entryPoints: [path.join(root, from)],
    outfile: path.join(site, to),
    bundle: true,
    minify: true,
    format: 'esm',
    target: TARGET,
    charset: 'utf8',
    logLevel: 'warning',
    ...options,
  });
}
