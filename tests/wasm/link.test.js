// The package of links beside the program itself: `node --test tests/wasm/link.test.js`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { LinkError, decode, embedUrl, encode } from '../../packages/link/src/index.js';
import { load } from '../../scripts/ahead.js';
import { root } from '../../scripts/setup.js';
import { linkMutant } from '../fuzz/links.js';
import { Random } from '../fuzz/random.js';

const door = await load(path.join(root, 'dist'));
const session = new door.Session();

/** What the program makes of a link, or that it refuses. @param {string} link */
function opened(link) {
  try {
    return session.open(link);
  } catch (problem) {
    return `refused: ${/** @type {{ message: string }} */ (problem).message}`;
  }
}

/** The same by way of the package: read, written again, opened. @param {string} link */
async function anew(link) {
  const said = await decode(link);
  return opened(await encode(said.document ?? said));
}

/** Presets as links and with the order of their buses changed, which goes as a whole. */
function links() {
  const made = [];
  for (const { id } of door.gallery()) {
    const text = session.preset(id);
    if (text.length > 60_000) continue;
    made.push({ text: session.link().fragment, of: text });
    const own = JSON.parse(text);
    own.case.buses.reverse();
    own.title = 'A & B; 100 % #1 – ÿ 😀';
    const other = opened(JSON.stringify(own));
    if (!other.startsWith('refused')) made.push({ text: session.link().fragment, of: other });
  }
  return made;
}
const all = links();

test('a packed link holds the document that the program opens, both ways', async () => {
  const whole = all.filter(({ text }) => text.startsWith('z='));
  assert.ok(whole.length > 20);
  for (const { text, of } of whole) {
    const { document } = await decode(`https://example.org/?embed=1&view=network#${text}`);
    assert.deepEqual(document, JSON.parse(of));
    assert.equal(opened(await encode(/** @type {any} */ (document))), of);
  }
});

test('a short link is a preset and its changes, both ways', async () => {
  const changes = [
    { path: 'case.branches.2-3.max_p_mw', value: 10.5 },
    { path: 'mechanism.df.rule', value: 'given' },
    { path: 'mechanism.df.given.D2', value: 0.4 },
    { path: 'mechanism.load_profile', value: [1, 1.1] },
    { path: 'case.branches.1-2.max_p_mw', value: null },
    { path: 'title', value: '12' },
  ];
  session.preset('zuo-4node');
  session.set_each(JSON.stringify(changes.map(({ path: field, value }) => [field, JSON.stringify(value)])));
  const { fragment } = session.link();
  const { preset, changes: read = [] } = await decode(fragment);
  assert.equal(preset, 'zuo-4node');
  // What is the preset's own already is no change: a branch without a limit.
  const own = changes.filter(({ value }) => value !== null);
  assert.deepEqual(new Map(read.map((one) => [one.path, one.value])), new Map(own.map((one) => [one.path, one.value])));
  assert.equal(opened(await encode({ preset: 'zuo-4node', changes })), session.text);
  assert.equal(await encode({ preset: 'zuo-4node' }), 'p=zuo-4node');
});

test('links of 0.1.0 say what the program says', async () => {
  for (const line of readFileSync(path.join(root, 'tests/golden/links/0.1.0.txt'), 'utf8').trim().split('\n')) {
    const [fragment = ''] = line.split('\t');
    assert.ok(!opened(fragment).startsWith('refused'));
    assert.equal(await anew(fragment), opened(fragment));
  }
});

test('a wrong link is refused in the words of the program', async () => {
  const whole = all.find(({ text }) => text.startsWith('z='))?.text ?? '';
  const wrong = [
    'z=AAAA',
    'z=AwAA',
    'z=AgAA',
    'z=',
    'z=%00%01',
    'p=zuo-4node&v=2',
    'p=zuo-4node&v=0',
    '',
    'view=network',
    `z=${'A'.repeat(1 << 20)}`,
    whole.slice(0, -9),
    `${whole.slice(0, 50)}${whole[50] === 'A' ? 'B' : 'A'}${whole.slice(51)}`,
    `${whole}&title=x`,
    'p=zuo-4node&x=1',
    'p=zuo-4node&p=triangle',
    'p=zuo-4node&z=AQ',
    'p=triangle#p=zuo-4node',
    '#p=triangle#p=zuo-4node',
    'p=zuo-4node&case.branches',
    'p=zuo-4node&title=%ff',
    'a=b&'.repeat(50_000),
  ];
  for (const link of wrong) {
    const said = opened(link.includes('#') ? link : `#${link}`).replace('refused: ', '');
    await assert.rejects(
      decode(link),
      (error) => error instanceof LinkError && error.message === said,
      link.slice(0, 80),
    );
  }
  await assert.rejects(decode('z=AwAA'), { code: 'newer' });
});

test('what mail and chats make of a link is read as the program reads it', async () => {
  const scenarios = new Map(
    all.filter(({ text }) => /^p=[^&]*$/.test(text)).map(({ text, of }) => [text.slice(2), JSON.parse(of)]),
  );
  const rng = new Random(11);
  let same = 0;
  for (let k = 0; k < 150; k++) {
    const { text } = linkMutant(rng, scenarios, all);
    const expected = opened(text);
    const made = await anew(text).catch((error) => {
      if (!(error instanceof LinkError)) throw error;
      return `refused: ${error.message}`;
    });
    // A field twice in a document: to a reader of JSON the last one is meant.
    if (expected.includes('field twice')) continue;
    if (expected.startsWith('refused')) assert.ok(made.startsWith('refused'), `${text.slice(0, 300)}: ${expected}`);
    else assert.equal(made, expected, text.slice(0, 300));
    same += Number(made === expected);
  }
  assert.ok(same > 90);
});

test('keys of the page are those of the program', async () => {
  const rust = readFileSync(path.join(root, 'src/scenario/link/text.rs'), 'utf8');
  const keys = /PAGE_KEYS: \[&str; \d+\] = \[([^\]]*)\]/.exec(rust)?.[1]?.match(/\w+/g) ?? [];
  assert.ok(keys.length > 5);
  for (const key of keys) assert.equal((await decode(`${key}=x&p=triangle`)).preset, 'triangle');
});

test('the address of a figure has its options, and refuses others', () => {
  const page = 'https://example.org/tandem/';
  assert.equal(embedUrl(page, { preset: 'triangle' }), `${page}?embed=1#p=triangle`);
  const url = new URL(
    embedUrl(page, '#p=zuo-4node&v=1&title=a+b', {
      view: ['network', 'sweep:case.branches.2-3.max_p_mw:5:20', 'why:bus:4'],
      inputs: ['mechanism.df.rule', { path: 'case.branches.2-3.max_p_mw', from: 5, to: 20, step: 0.5 }],
      lock: 'inputs',
      ui: 'min',
      run: false,
      play: false,
      theme: 'dark',
      lang: 'de',
      question: 'Why & how, #1?',
    }),
  );
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    embed: '1',
    view: 'network,sweep:case.branches.2-3.max_p_mw:5:20,why:bus:4',
    inputs: 'mechanism.df.rule,case.branches.2-3.max_p_mw:5:20:0.5',
    lock: 'inputs',
    ui: 'min',
    run: '0',
    theme: 'dark',
    lang: 'de',
    question: 'Why & how, #1?',
  });
  assert.equal(url.hash, '#p=zuo-4node&v=1&title=a+b');
  const refused = (/** @type {any} */ options, /** @type {RegExp} */ why) =>
    assert.throws(() => embedUrl(page, 'p=triangle', options), why);
  refused({ views: ['network'] }, /no option `views`; there are view,/);
  refused({ view: [] }, /`view` is a list/);
  refused({ view: ['a,b'] }, /no view/);
  refused({ view: ['sweep:case.x:9:1'] }, /from a number to a greater one/);
  refused({ view: ['why:bus'] }, /why:KIND:ID/);
  refused({ inputs: Array(7).fill('mechanism.rule') }, /7 inputs/);
  refused({ inputs: ['branches.2-3'] }, /no path of an input/);
  refused({ inputs: [{ path: 'case.x', from: 0, to: 1, step: 2 }] }, /step/);
  refused({ lock: true }, /`lock` is `inputs` or `all`/);
  refused({ play: 1 }, /true or false/);
  refused({ theme: 'blue' }, /light/);
  refused({ lang: 'deutsch' }, /language/);
  refused({ question: 'x'.repeat(501) }, /500/);
  assert.throws(() => embedUrl('/tandem/', 'p=triangle'), /begins with https/);
  assert.throws(() => embedUrl('javascript:alert(1)', 'p=triangle'), /begins with https/);
  assert.throws(() => embedUrl(page, 'view=network'), /names no scenario/);
});

test('what cannot be said in a link is refused', async () => {
  const change = (/** @type {any} */ one) => encode({ preset: 'triangle', changes: [one] });
  await assert.rejects(change({ path: 'branches.x', value: 1 }), /no field of a scenario/);
  await assert.rejects(change({ path: 'case.x', value: Number.NaN }), /no number/);
  await assert.rejects(change({ path: 'case.x', value: undefined }), /no value/);
  await assert.rejects(encode({ preset: '' }), /by its id/);
  const twice = [1, 2].map((value) => ({ path: 'case.x', value }));
  await assert.rejects(encode({ preset: 'triangle', changes: twice }), /twice/);
  const document = /** @type {any} */ ({ version: 1, case: { a: Infinity } });
  await assert.rejects(encode(document), /`a` is Infinity/);
});
