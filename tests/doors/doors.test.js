// Figures of Tandem in documents: the Quarto extension, run by pandoc as Quarto runs it, and the Sphinx extension.
// HTML has the live figure, LaTeX the picture of the preset with a link, text the link; what is wrong is refused.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { doorsPython } from '../../scripts/doors.js';
import { serve } from '../../scripts/serve.js';
import { root } from '../../scripts/setup.js';
import { SNIPPETS } from '../../www/js/embed/snippets.js';

const made = path.join(root, 'target/doors');
const dist = path.join(root, 'dist');
/** Every option once, and what the frame's address has to be read as. */
const OPTIONS = {
  view: 'network,why:bus:2',
  inputs: 'case.branches.1-3.max_p_mw:20:120:5',
  lock: 'inputs',
  theme: 'light',
  lang: 'de',
  question: 'Who pays "50 %" & why?',
};
const LABEL = 'Three buses <1 & 2>';

let site = /** @type {import('../../scripts/serve.js').Site} */ ({});
let interpreter = '';
let pandoc = '';
before(async () => {
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  interpreter = await doorsPython();
  pandoc = (await run(interpreter, ['-c', 'import pypandoc; print(pypandoc.get_pandoc_path())'])).out.trim();
  site = await serve({ root: dist });
});
after(() => site.close());

/**
 * @param {string} program
 * @param {string[]} words
 * @param {string} [input]
 * @returns {Promise<{ status: number | null, out: string, err: string }>}
 */
function run(program, words, input = '') {
  const env = {
    ...process.env,
    TANDEM_LUA: path.join(root, 'doors/quarto/_extensions/tandem/tandem.lua'),
    NO_PROXY: '*',
    no_proxy: '*',
  };
  const child = spawn(program, words, { cwd: made, env });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
  });
}

/**
 * A document of shortcodes through pandoc.
 * @param {string} shortcodes one a line
 * @param {string[]} words
 */
function quarto(shortcodes, ...words) {
  const blocks = shortcodes.split('\n').map((line) => `\`\`\`{.tandem}\n${line}\n\`\`\``);
  const page = `--metadata=tandem-page=${site.url}`;
  const filter = `--lua-filter=${path.join(root, 'tests/doors/shim.lua')}`;
  return run(pandoc, ['--from=markdown', page, filter, ...words], blocks.join('\n\n'));
}

/** The frames of a page. @param {string} html */
function frames(html) {
  const plain = (/** @type {string} */ text) =>
    text
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;|&#34;/g, '"')
      .replace(/&#x27;/g, "'")
      .replace(/&amp;/g, '&');
  return [...html.matchAll(/<iframe ([^>]*)>/g)].map(([, attributes]) =>
    Object.fromEntries(
      [...(attributes ?? '').matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, plain(value ?? '')]),
    ),
  );
}

/** @param {Record<string, string>} frame */
function isWhatWasAsked(frame) {
  const url = new URL(frame['src'] ?? '');
  assert.equal(url.origin + url.pathname, site.url);
  assert.deepEqual(Object.fromEntries(url.searchParams), { embed: '1', ...OPTIONS });
  assert.equal(url.hash, '#p=triangle');
  assert.deepEqual([frame['title'], frame['width'], frame['height']], [LABEL, '100%', '520']);
}

/** @param {string} file */
const isThePicture = (file) => assert.deepEqual(readFileSync(file), readFileSync(path.join(dist, 'p/triangle.png')));

const quoted = Object.entries({ ...OPTIONS, label: LABEL, height: '520' }).map(([name, value]) => `${name}="${value}"`);
// The shim of the tests knows no quotes in quotes.
const shortcode = `triangle ${quoted.join(' ').replace('"50 %"', "'50 %'")}`;

test('Quarto: a page has the live figure, and the script of the host once', async () => {
  const { status, out, err } = await quarto(
    `${shortcode}\nlink="${'https://elsewhere.org/#'}p=triangle&title=Mine" label="Mine"`,
    '--to=html',
    '--standalone',
  );
  assert.equal(status, 0, err);
  const [first, second, ...more] = frames(out);
  assert.deepEqual(more, []);
  isWhatWasAsked({ ...first, src: (first?.['src'] ?? '').replaceAll('%27', '%22') });
  assert.equal(new URL(second?.['src'] ?? '').hash, '#p=triangle&title=Mine');
  assert.deepEqual([...out.matchAll(/<script[^>]*embed\.js"><\/script>/g)].length, 1);
});

test('Quarto: what the page writes for it is understood', async () => {
  const query = { view: 'network,lmp_by_bus', inputs: 'case.branches.1-3.max_p_mw:20:120', theme: 'dark' };
  const figure = { page: site.url, hash: '#p=triangle', query, title: LABEL, preset: 'triangle', height: 420 };
  const text = SNIPPETS.find(({ id }) => id === 'quarto')?.write(figure) ?? '';
  const [, words = ''] = /^\{\{< tandem (.*) >\}\}$/.exec(text) ?? [];
  const { out, err } = await quarto(words, '--to=html');
  const [frame] = frames(out);
  assert.equal(frame?.['title'], LABEL, err);
  assert.deepEqual(Object.fromEntries(new URL(frame?.['src'] ?? '').searchParams), { embed: '1', ...query });
});

test('Quarto: a slide loads its figure when it is shown, and keeps its height', async () => {
  const { out } = await quarto(shortcode, '--to=revealjs');
  assert.match(out, /<iframe data-src="[^"]*embed=1/);
  assert.doesNotMatch(out, /embed\.js/);
});

test('Quarto: LaTeX and Word have the picture of the preset and a link, text the link', async () => {
  const { out, err } = await quarto('triangle label=Prices', '--to=latex', '--extract-media=media');
  const [, file = ''] = /\\includegraphics\[[^\]]*\]\{([^}]*)\}/.exec(out.replace(/\\pandocbounded/g, '')) ?? [];
  isThePicture(path.join(made, file));
  assert.match(out.replaceAll('\\', ''), new RegExp(`href{${site.url}#p=triangle}{Prices}`), err);
  const word = await quarto('triangle', '--to=docx', '--output=figure.docx');
  assert.equal(word.status, 0, word.err);
  // Names in an archive are not packed.
  assert.ok(readFileSync(path.join(made, 'figure.docx')).includes('word/media/'));
  const plain = await quarto('triangle label=Prices', '--to=plain');
  assert.equal(plain.out.trim().replace(/\s+/g, ' '), `Prices: ${site.url}#p=triangle`);
  const markdown = await quarto('triangle label=Prices', '--to=gfm');
  assert.equal(markdown.out.trim(), `[Prices](${site.url}#p=triangle)`);
});

test('Quarto: a scenario without a picture, and one that cannot be had, is a link', async () => {
  const changed = await quarto('link="p=triangle&title=Mine" label=Mine', '--to=latex');
  assert.doesNotMatch(changed.out, /includegraphics/);
  const gone = await quarto('no-such-preset label=Gone', '--to=latex');
  assert.match(gone.err, /WARNING tandem: the picture .*no-such-preset\.png cannot be had/);
  assert.doesNotMatch(gone.out, /includegraphics/);
});

/** What is wrong, as the shortcode and the directive say it, and what the refusal names. */
const WRONG = [
  ['triangle', { veiw: 'network' }, /veiw/],
  ['triangle', { lock: 'some' }, /lock.*inputs, all, 1/s],
  ['triangle', { theme: 'blue' }, /theme.*light, dark/s],
  ['triangle', { inputs: 'a.1,a.2,a.3,a.4,a.5,a.6,a.7' }, /7 inputs, and up to 6/],
  ['triangle', { inputs: 'case.branches.1-3.max_p_mw:20' }, /one number/],
  ['triangle', { inputs: 'case.branches.1-3.max_p_mw:120:20' }, /ends before it begins/],
  ['triangle', { inputs: 'limit' }, /not the path of an input/],
  ['triangle', { height: 'tall' }, /height/],
  ['triangle', { question: 'x'.repeat(501) }, /longer than 500/],
  ['triangle', { page: 'tandem' }, /page|address/],
  ['triangle', { link: 'p=triangle' }, /preset.*link/s],
  ['', { view: 'network' }, /preset.*link/s],
  ['Tri/angle', {}, /Tri\/angle/],
];

test('Quarto: what is wrong is refused by name', async () => {
  await Promise.all(
    WRONG.map(async ([preset, options, said]) => {
      const named = Object.entries(options).map(([name, value]) => `${name}="${value}"`);
      const { status, err } = await quarto(`${preset} ${named.join(' ')}`, '--to=html');
      assert.notEqual(status, 0, `${preset} ${named}`);
      assert.match(err, /tandem: /);
      assert.match(err, /** @type {RegExp} */ (said));
    }),
  );
});

/**
 * A Sphinx project of one page in reStructuredText and one in MyST.
 * @param {string} name
 * @param {string} rst
 * @param {string} myst
 */
function project(name, rst, myst) {
  const folder = path.join(made, name);
  mkdirSync(folder);
  const conf = [
    `import sys; sys.path.insert(0, ${JSON.stringify(path.join(root, 'doors/sphinx'))})`,
    'extensions = ["myst_parser", "tandem_figure"]',
    `tandem_page = "${site.url}"`,
    'html_theme = "basic"',
  ];
  writeFileSync(path.join(folder, 'conf.py'), conf.join('\n'));
  writeFileSync(path.join(folder, 'index.rst'), `Figures\n=======\n\n.. toctree::\n\n   myst\n\n${rst}\n`);
  writeFileSync(path.join(folder, 'myst.md'), `# MyST\n\n${myst}\n`);
  return (/** @type {string} */ builder, /** @type {string[]} */ ...words) =>
    run(interpreter, [
      '-m',
      'sphinx',
      '-q',
      '-b',
      builder,
      '-d',
      `${name}/trees`,
      ...words,
      name,
      `${name}/${builder}`,
    ]);
}

/** @param {string} preset @param {Record<string, string>} options */
const directive = (preset, options) =>
  [`.. tandem:: ${preset}`, ...Object.entries(options).map(([name, value]) => `   :${name}: ${value}`), ''].join('\n');

test('Sphinx and MyST: pages live, LaTeX with the picture, text with the link', async () => {
  const all = { ...OPTIONS, label: LABEL, height: '520' };
  const mine = directive('', { link: 'p=triangle&title=Mine', label: 'Mine' });
  const myst = [
    '```{tandem} triangle',
    ...Object.entries(all).map(([name, value]) => `:${name}: '${value}'`),
    '```',
  ].join('\n');
  const build = project('sphinx', `${directive('triangle', all)}\n${mine}`, myst);
  for (const builder of ['html', 'latex', 'text']) {
    const { status, err } = await build(builder, '-W');
    assert.equal(status, 0, err);
  }
  const read = (/** @type {string} */ file) => readFileSync(path.join(made, 'sphinx', file), 'utf8');
  const [first, second] = frames(read('html/index.html'));
  isWhatWasAsked(first ?? {});
  assert.equal(new URL(second?.['src'] ?? '').hash, '#p=triangle&title=Mine');
  assert.equal([...read('html/index.html').matchAll(/src="[^"]*embed\.js"/g)].length, 1);
  isWhatWasAsked(frames(read('html/myst.html'))[0] ?? {});
  const tex = readdirSync(path.join(made, 'sphinx/latex')).find((file) => file.endsWith('.tex')) ?? '';
  const pictures = [...read(`latex/${tex}`).matchAll(/\\sphinxincludegraphics(?:\[[^\]]*\])?\{\{([^}]*)\}(\.\w+)\}/g)];
  assert.equal(pictures.length, 2);
  for (const [, stem, ending] of pictures) isThePicture(path.join(made, 'sphinx/latex', `${stem}${ending}`));
  assert.match(read(`latex/${tex}`), /\\sphinxhref\{[^}]*#p=triangle\}/);
  assert.ok(read('text/index.txt').includes(`${LABEL}: ${site.url}#p=triangle`));
});

test('Sphinx: what is wrong is refused by name', async () => {
  const build = project(
    'wrong',
    WRONG.map(([preset, options]) => directive(String(preset), Object(options))).join('\n'),
    'Nothing.',
  );
  const { err } = await build('html');
  const said = err.split(/(?=\n?[^\n]*index\.rst:\d+: )/).filter((text) => /ERROR/.test(text));
  assert.equal(said.length, WRONG.length, err);
  for (const [k, [, , pattern]] of WRONG.entries()) assert.match(said[k] ?? '', /** @type {RegExp} */ (pattern));
  assert.deepEqual(frames(readFileSync(path.join(made, 'wrong/html/index.html'), 'utf8')), []);
});
