// The page: reads the address, opens what it names, keeps the address in step with what is on screen.

import { showProgress } from '../panels/answer.js';
import { ago, forget, keep, kept } from '../session/autosave.js';
import { copyPlainNumbers } from '../ui/copy.js';
import { h, isTyping } from '../ui/dom.js';
import { Lab } from '../session/lab.js';
import { NotLoaded, Problem, Stopped, Superseded, Unsolved, sentence } from '../session/problem.js';
import { UNLINKED, fullAddress, hashOf, place } from '../session/links.js';
import { openingOf } from './first.js';
import { createNotice, showHelp } from './shell.js';
import { client, embed, talk, waits } from './start.js';
import { language } from '../ui/language.js';
import { lasting } from '../ui/number.js';
import { onTheme, startTheme } from '../ui/theme.js';
import { unknownPreset } from './unknown.js';

/** @import { Progress, Scenario } from '../session/types.js' */
/** @typedef {{ element: HTMLElement, destroy: () => void }} View */

const notices = h('div', { class: 'notices' });
/** @type {View | null} */
let view = null;
/** @type {Lab | null} */
let lab = null;
let visits = 0;
/** The last scenario that no link holds: back and forward find it again. */
let unlinked = '';
/** Opening says how far it is after this long. */
const OPENING_MS = 300;

startTheme();
copyPlainNumbers();
onTheme(() => lab?.redrawAll());
if (embed !== null) document.documentElement.classList.add('is-embedded');

/**
 * @param {View} next
 * @param {Lab | null} nextLab
 * @param {string} title
 */
function show(next, nextLab, title) {
  view?.destroy();
  lab?.close();
  view = next;
  lab = nextLab;
  document.title = title === '' ? 'Tandem' : `${title} · Tandem`;
  document.getElementById('app')?.replaceChildren(next.element);
  document.documentElement.dataset['view'] = nextLab === null ? 'gallery' : 'lab';
}

/** The views' modules come with the page or are asked for when first needed. */
const modules = {
  gallery: () => import('./gallery-view.js').catch(notLoaded),
  lab: () => import('./lab-view.js').catch(notLoaded),
  embed: () => import('./embed-view.js').catch(notLoaded),
  waiting: () => import('./waiting-view.js').catch(notLoaded),
  doors: () => import('../panels/doors.js'),
  offline: () => import('./offline.js'),
  write: () => withSheet(import('./write-view.js')).catch(notLoaded),
  progress: () => withSheet(import('./progress-view.js')).catch(notLoaded),
  room: () => withSheet(import('./room-view.js'), 'css/class.css').catch(notLoaded),
  seat: () => withSheet(import('./seat-view.js'), 'css/class.css').catch(notLoaded),
  paper: () => withSheet(import('./paper-view.js'), 'css/paper.css').catch(notLoaded),
};

/**
 * A view with the style sheet of its own.
 * @template T
 * @param {Promise<T>} view
 * @param {string} [href]
 */
async function withSheet(view, href = 'css/write.css') {
  if (document.querySelector(`link[href="${href}"]`) === null) {
    const sheet = h('link', { rel: 'stylesheet', href });
    const loaded = new Promise((resolve, reject) => {
      sheet.addEventListener('load', resolve);
      sheet.addEventListener('error', reject);
    });
    document.head.append(sheet);
    await loaded.catch((error) => {
      sheet.remove();
      throw error;
    });
  }
  return view;
}

/** @returns {never} */
function notLoaded() {
  throw new NotLoaded();
}

/** Opens what the hash names; a newer call overtakes an older one. */
async function route() {
  visits += 1;
  const visit = visits;
  const where = place(location.hash);
  if (lab !== null && lab.hash === location.hash && where.name === 'lab') return;
  try {
    const file = where.name === 'lab' && where.hash === UNLINKED;
    if (file && unlinked === '') throw new Problem('The scenario was too large for a link. Open its file again.', null);
    // The last edit may not be in the link yet.
    await lab?.flush().catch(() => {});
    if (visit !== visits) return;
    if (where.name === 'gallery' && embed === null) await showGallery(visit);
    else if (where.name === 'write' && embed === null) await showWrite(visit, where.hash);
    else if (where.name === 'progress' && embed === null) await showProgressPage(visit);
    else if (where.name === 'paper' && embed === null) await showPaper(visit, where.hash.slice(1));
    else if ((where.name === 'room' || where.name === 'seat') && embed === null)
      await showClass(visit, where.name, where.hash);
    else
      await showLab(
        await openLab(file ? unlinked : where.name === 'lab' ? where.hash : '#p=zuo-4node', visit),
        visit,
        location.hash,
      );
  } catch (error) {
    if (visit === visits) await refuse(error, visit);
  }
}

/** @param {number} visit */
async function showGallery(visit) {
  const [presets, { createGalleryView }] = await Promise.all([client.call('gallery', undefined), modules.gallery()]);
  if (visit !== visits) return;
  notices.replaceChildren();
  const gallery = createGalleryView(client, presets, notices, open);
  show(gallery, null, '');
  gallery.arrive();
  offerRestore();
}

/**
 * @param {number} visit
 * @param {string} hash what the lesson is about
 */
async function showWrite(visit, hash) {
  const [presets, { createWriteView }] = await Promise.all([client.call('gallery', undefined), modules.write()]);
  if (visit !== visits) return;
  notices.replaceChildren();
  const what = hash === UNLINKED ? unlinked : hash;
  show(createWriteView(client, presets, notices, { open, what }), null, 'Write a lesson');
  scrollTo(0, 0);
}

/** @param {number} visit */
async function showProgressPage(visit) {
  const [presets, { createProgressView }] = await Promise.all([client.call('gallery', undefined), modules.progress()]);
  if (visit !== visits) return;
  notices.replaceChildren();
  show(createProgressView(presets, notices), null, 'Progress');
  scrollTo(0, 0);
}

/**
 * @param {number} visit
 * @param {string} id of the paper
 */
async function showPaper(visit, id) {
  const [{ loadPaper }, { createPaperView }] = await Promise.all([import('../session/papers.js'), modules.paper()]);
  const paper = await loadPaper(id);
  if (visit !== visits) return;
  notices.replaceChildren();
  show(createPaperView(client, paper, notices), null, paper.short);
  scrollTo(0, 0);
}

/**
 * The teacher's room, or a student's seat.
 * @param {number} visit
 * @param {'room' | 'seat'} name
 * @param {string} hash
 */
async function showClass(visit, name, hash) {
  const next = name === 'room' ? (await modules.room()).createRoomView : (await modules.seat()).createSeatView;
  if (visit !== visits) return;
  notices.replaceChildren();
  const about = hash.slice(1);
  show(next(client, notices, about), null, name === 'room' ? 'Classroom' : 'Seat');
  scrollTo(0, 0);
}

/**
 * @param {Lab} opened
 * @param {number} visit
 * @param {string} hash as it stands in the address
 */
async function showLab(opened, visit, hash) {
  opened.hash = hash;
  const next =
    embed === null
      ? (await modules.lab()).createLabView(opened, notices)
      : (await modules.embed()).createEmbedView(opened, embed, { talk, open: bring });
  if (visit !== visits) {
    next.destroy();
    return;
  }
  if (hash === UNLINKED) unlinked = opened.text;
  notices.replaceChildren();
  show(next, opened, opened.report.title);
  scrollTo(0, 0);
  if (opened.ahead !== null && embed === null) notices.append(aheadNotice(opened, opened.ahead));
  let address = hash;
  opened.on('link', () => {
    // An edit changes the address in place: back leads to where the person came from. Someone who has just left keeps
    // the edit, not the address.
    if (location.hash === address) history.replaceState(null, '', opened.hash);
    address = opened.hash;
    if (address === UNLINKED) unlinked = opened.text;
    if (opened.edited && embed === null && opened.hash !== UNLINKED)
      keep({ hash: opened.hash, title: opened.report.title, at: Date.now() });
  });
}

/**
 * That the answer was not solved here, until one is.
 * @param {Lab} opened
 * @param {{ program: string, seconds: number }} ahead
 */
function aheadNotice(opened, { program, seconds }) {
  const notice = createNotice(
    'note',
    'Computed ahead.',
    `Tandem ${program} computed this answer before. The first change is solved here, which takes about ${lasting(seconds)}; the page stays usable meanwhile.`,
  );
  opened.on('result', () => notice.remove());
  return notice;
}

/**
 * Opens a hash, a text or a file, and says how far that is once it takes long. What is solved from parts shows its
 * system at once, where no other result is on screen.
 * @param {string | Uint8Array} what
 * @param {number} visit
 */
async function openLab(what, visit) {
  const words = h('span', {}, 'Opening…');
  const bar = h('progress', { 'aria-label': 'Solving' });
  const element = h(
    'div',
    { class: 'progress opening', role: 'status' },
    bar,
    words,
    h('button', { type: 'button', onclick: () => client.cancel() }, 'Cancel'),
  );
  const timer = window.setTimeout(() => document.body.append(element), OPENING_MS);
  /** @type {((progress: Progress | null) => void) | null} */
  let update = null;
  /** @type {Progress | null} */
  let last = null;
  const wait = async (/** @type {string} */ text) => {
    /** @type {Scenario} */
    const scenario = JSON.parse(text);
    // The picture and its steps are of functions of feeders.
    if (scenario.mechanism.kind !== 'residual_supply') return;
    const { createWaitingView } = await modules.waiting();
    if (visit !== visits || last === null) return;
    const waiting = createWaitingView(scenario, () => client.cancel());
    window.clearTimeout(timer);
    element.remove();
    show(waiting, null, scenario.title);
    update = waiting.update;
    update(last);
  };
  try {
    return await Lab.open(client, what, (progress, text) => {
      if (last === null && progress !== null && lab === null && embed === null) void wait(text).catch(() => {});
      last = progress;
      showProgress(bar, words, progress);
      update?.(progress);
    });
  } finally {
    last = null;
    window.clearTimeout(timer);
    element.remove();
  }
}

/**
 * Which field of the scenario a refusal is about, as a link names it.
 * @param {unknown} error
 */
function whereOf(error) {
  const field = error instanceof Problem ? error.field : null;
  return field?.includes('.') ? ` It stands at “${field}”.` : '';
}

/**
 * A link that does not open: what is on screen stays, otherwise the presets are offered.
 * @param {unknown} error
 * @param {number} visit
 */
async function refuse(error, visit) {
  const text = `${sentence(error)}${whereOf(error)}`;
  const newer = error instanceof Problem && error.code === 'newer';
  if (error instanceof Superseded && lab !== null) {
    // What is on screen was worked on while the other scenario was being solved: the work goes on.
    const asked = location.hash;
    history.replaceState(null, '', lab.hash);
    const go = h('button', { type: 'button', onclick: () => (location.hash = asked) }, 'Open it now');
    notices.replaceChildren(
      createNotice(
        'note',
        'The other scenario was not opened.',
        'You changed this one while the other was being solved.',
        go,
      ),
    );
    return;
  }
  if (error instanceof NotLoaded) {
    notices.replaceChildren(
      createNotice('bad', 'A part of the page did not load.', 'Check the connection and reload the page.'),
    );
    if (lab === null) document.getElementById('app')?.replaceChildren(h('main', { id: 'main' }, notices));
    return;
  }
  const title =
    error instanceof Stopped || error instanceof Unsolved
      ? 'The scenario was not solved.'
      : newer
        ? 'This link was made by a newer Tandem.'
        : 'This link does not open.';
  if (embed !== null) {
    talk?.send('error', { code: 'link', message: `${title} ${text}`, field: null });
    const open = h('a', { href: fullAddress(location.hash), target: '_blank', rel: 'noopener' }, 'Open in full');
    const notice = createNotice('bad', title, unknownPreset(error, location.hash) ?? text, open);
    document.getElementById('app')?.replaceChildren(h('main', { class: 'embed' }, notice));
    return;
  }
  if (lab === null) {
    const [presets, { createGalleryView }] = await Promise.all([client.call('gallery', undefined), modules.gallery()]);
    if (visit !== visits) return;
    show(createGalleryView(client, presets, notices, open), null, '');
    const unknown = unknownPreset(error, location.hash, presets);
    notices.replaceChildren(createNotice('bad', title, unknown ?? `${text} The presets below open.`));
    return;
  }
  const held = lab;
  const unknown = unknownPreset(error, location.hash);
  const stay = () => {
    history.replaceState(null, '', held.hash);
    notices.replaceChildren();
  };
  const back = h('button', { type: 'button', onclick: stay }, 'Keep what is on screen');
  notices.replaceChildren(
    createNotice(
      'bad',
      title,
      unknown ?? `${text} The last result is still shown.`,
      back,
      h('a', { href: '#' }, 'See the presets'),
    ),
  );
  scrollTo(0, 0);
}

/**
 * A file or a pasted link, as a new visit.
 * @param {string | Uint8Array} what
 */
async function bring(what) {
  visits += 1;
  const visit = visits;
  const opened = await openLab(what, visit);
  const address = hashOf((await client.call('link', opened.text)).fragment);
  if (embed === null) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  await showLab(opened, visit, address);
  return opened;
}

/** The same for views that wait for it alone. @param {string | Uint8Array} what */
async function open(what) {
  await bring(what);
}

/**
 * How many inputs a link changes, as far as it says so.
 * @param {string} hash
 */
function changesOf(hash) {
  const changed = hash.split('&').filter((part) => /^(case|mechanism)\./.test(part)).length;
  if (changed === 0) return 'it';
  return changed === 1 ? '1 input of it' : `${changed} inputs of it`;
}

function offerRestore() {
  const last = kept();
  if (last === null) return;
  const drop = () => {
    forget();
    notice.remove();
  };
  const notice = createNotice(
    'note',
    `Restore “${last.title}”?`,
    `You changed ${changesOf(last.hash)} ${ago(last.at)} in this browser.`,
    h('a', { class: 'primary', href: last.hash }, 'Restore'),
    h('button', { type: 'button', onclick: drop }, 'Forget it'),
  );
  notices.append(notice);
}

/** @param {unknown} error the program itself did not start */
function fail(error) {
  // A frame that is a sandbox of its own has been told so.
  if (self.origin === 'null') return;
  const blocked =
    typeof WebAssembly !== 'object' || (error instanceof Error && /embedder|policy|unsafe-eval/i.test(error.message));
  const text = blocked
    ? 'Tandem computes in WebAssembly, and this browser does not run it. Allow it for this page (some browsers call it “JIT” or put it under a lockdown mode), or open the page in another browser.'
    : sentence(error);
  talk?.send('error', { code: blocked ? 'wasm' : 'load', message: text, field: null });
  document
    .getElementById('app')
    ?.replaceChildren(
      h(
        'main',
        { id: 'main' },
        createNotice('bad', blocked ? 'WebAssembly is blocked.' : 'The program did not load.', text),
      ),
    );
}

/** An embedded view that costs its reader nothing before it is wanted: what is known of the preset, and a button. */
async function poster() {
  const run = () => {
    start.disabled = true;
    void begin();
  };
  const start = h('button', { type: 'button', class: 'primary', onclick: run }, 'Run');
  const address = { href: fullAddress(location.hash), target: '_blank', rel: 'noopener' };
  const full = h('a', { class: 'open-full', ...address }, 'Open in full');
  const place = h('div', { class: 'poster-of' }, h('p', {}, 'Tandem, an electricity market to play with.'));
  const element = h('main', { class: 'embed poster', id: 'main' }, place, h('div', { class: 'row' }, start, full));
  document.getElementById('app')?.replaceChildren(element);
  talk?.whenAsked(run);
  const opening = await openingOf(location.hash);
  const known = ['h1', '.first-question', '.first-picture'].flatMap((part) => opening?.querySelector(part) ?? []);
  if (known.length > 0) place.replaceChildren(...known);
}

async function begin() {
  try {
    await client.start();
    // From the first opening on: whoever goes elsewhere meanwhile is followed.
    addEventListener('hashchange', () => void route());
    await route();
    // The spare worker and the offline copy wait until the first result is on screen.
    setTimeout(() => void client.warm().catch(() => {}), 500);
    if (embed === null)
      void modules
        .offline()
        .then(({ registerOffline }) => registerOffline())
        .catch(() => {});
    setTimeout(
      () =>
        void modules
          .doors()
          .then(({ openDoors }) => openDoors())
          .catch(() => {}),
      300,
    );
  } catch (error) {
    fail(error);
  }
}

addEventListener('keydown', (event) => {
  if (event.key !== '?' || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
  event.preventDefault();
  void showHelp();
});
// A scenario that no link holds lives in this page only.
addEventListener('beforeunload', (event) => {
  if (lab?.edited && lab.hash === UNLINKED) event.preventDefault();
});
document.addEventListener('tandem:update-ready', () => {
  const reload = h(
    'button',
    { type: 'button', onclick: () => void modules.offline().then(({ applyUpdate }) => applyUpdate()) },
    'Load it now',
  );
  notices.append(createNotice('note', 'A newer version is ready.', '', reload));
});

/** The words of another language come before those of the page; without them it stays English. */
async function translate() {
  const { translatePage } = await import('../language/page.js');
  await translatePage(language());
}

if (language() !== 'en') await translate().catch(console.warn);
if (waits) await poster();
else await begin();
