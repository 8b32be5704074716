// A lesson being written: the form, what may be picked, what is wrong, and the ways to save it.

import { fileName } from '../charts/download.js';
import { keepDraft } from '../session/drafts.js';
import { hashOf, fullAddress, UNLINKED } from '../session/links.js';
import { Stopped, sentence } from '../session/problem.js';
import { h, save } from '../ui/dom.js';
import { showProgress } from '../panels/answer.js';
import { Checker } from './check.js';
import { Facts } from './facts.js';
import { createForm } from './form.js';
import { putInto, showFaults } from './parts.js';
import { createPicker } from './picker.js';
import { toldOf } from './told.js';
import { fileOf, lessonOf } from './words.js';

/** @import { Client } from '../session/client.js' */
/** @import { Draft } from '../session/drafts.js' */
/** @import { Preset, Scenario } from '../session/types.js' */
/** @import { Found } from './check.js' */
/** @import { Fault, Words } from './words.js' */

/** The lesson is checked once its writer pauses this long. */
const PAUSE_MS = 900;

/**
 * @typedef {object} Around
 * @property {Client} client
 * @property {Preset[]} presets
 * @property {(text: string) => Promise<void>} open opens a scenario in the lab
 * @property {() => void} kept the lesson is kept from now on, under the id of the draft
 * @property {() => void} leave to another lesson
 */

/** @param {Draft} draft @param {Scenario} base @param {Around} around */
export function createEditor(draft, base, around) {
  const editor = new Editor(draft, base, around);
  return { element: editor.element, destroy: () => editor.destroy() };
}

class Editor {
  #draft;
  /** @type {Words} */
  #words;
  #base;
  #around;
  #checker;
  #facts = new Facts();
  #form;
  #told = h(
    'div',
    { class: 'told' },
    h('p', { class: 'help' }, 'Here stands the lesson with its numbers, once it was checked.'),
  );
  #picker;
  #state = h('p', { class: 'write-state', role: 'status' });
  #kept = h('span', { class: 'help' });
  #first = h(
    'button',
    { type: 'button', class: 'quiet', hidden: true, onclick: () => this.#showFirst() },
    'Show the first',
  );
  #loose = h('ul', { class: 'write-loose field-message' });
  #bar = h('progress', { 'aria-label': 'Solving', hidden: true });
  #link = h('p', { class: 'row write-link', hidden: true });
  /** Where a pick goes. @type {HTMLInputElement | HTMLTextAreaElement | null} */
  #target = null;
  /** The step that was last written in, from 0. */
  #step = -1;
  #timer = 0;
  #running = false;
  #again = false;
  #gone = false;
  element;

  /** @param {Draft} draft @param {Scenario} base @param {Around} around */
  constructor(draft, base, around) {
    this.#draft = draft;
    this.#words = draft.words;
    this.#base = base;
    this.#around = around;
    this.#checker = new Checker(around.client, base);
    this.#facts.own = { title: base.title, question: '', situation: '' };
    this.#form = createForm(this.#words, {
      presets: around.presets,
      facts: this.#facts,
      changed: () => this.#changed(),
    });
    this.#picker = createPicker(
      this.#facts,
      {
        number: (...picked) => this.#putNumber(...picked),
        input: (path, value) => this.#putInput(path, value),
        chart: (id) => this.#putChart(id),
      },
      this.#told,
    );
    this.#form.element.addEventListener('focusin', (event) => this.#aim(event.target));
    // On a phone the lists lie over the form: the field that a pick goes into stays in sight.
    this.#picker.element.addEventListener('click', () => {
      if (this.#target?.isConnected) this.#target.scrollIntoView({ block: 'nearest' });
    });
    this.element = h(
      'div',
      { class: 'write' },
      this.#head(),
      h('div', { class: 'write-columns' }, this.#form.element, this.#picker.element),
    );
    this.#form.update();
    this.#sayTarget();
    void this.#look();
  }

  /** Checks what is quick to solve; what is not is told with the answer that ships with the page until Check is pressed. */
  async #look() {
    const { long } = this.#checker;
    if (long === null) {
      await this.#check();
      return;
    }
    const found = await this.#checker.shipped(this.#words).catch(() => null);
    if (this.#gone || this.#running) return;
    if (found !== null) this.#show(found);
    const takes = long < 60 ? `${long} s` : `${Math.round(long / 60)} min`;
    this.#state.textContent = `The sentences are checked when you press Check: solving takes about ${takes} here.`;
  }

  destroy() {
    this.#gone = true;
    window.clearTimeout(this.#timer);
  }

  #head() {
    const { leave } = this.#around;
    const press = (
      /** @type {string} */ label,
      /** @type {() => void} */ act,
      /** @type {string | null} */ kind = null,
    ) => h('button', { type: 'button', class: kind, onclick: act }, label);
    return h(
      'div',
      { class: 'write-head' },
      h(
        'p',
        { class: 'write-about' },
        h('strong', {}, 'Lesson about: '),
        this.#base.title,
        ' ',
        press('Another lesson', leave, 'quiet'),
      ),
      h(
        'div',
        { class: 'row' },
        press('Check', () => void this.#check(), 'primary'),
        press('Open it', () => void this.#open()),
        press('Save file', () => this.#save()),
        press('Link', () => void this.#makeLink()),
        this.#kept,
      ),
      h('div', { class: 'row' }, this.#state, this.#first, this.#bar),
      this.#link,
      this.#loose,
    );
  }

  #changed() {
    this.#link.hidden = true;
    this.#keep();
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#look(), PAUSE_MS);
  }

  #keep() {
    this.#draft.at = Date.now();
    const held = keepDraft(this.#draft);
    if (held) this.#around.kept();
    this.#kept.textContent = held ? 'Kept in this browser' : 'This browser does not keep it: save the file';
    this.#kept.classList.toggle('field-message', !held);
  }

  async #check() {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    window.clearTimeout(this.#timer);
    try {
      const found = await this.#checker.run(this.#words, (progress) => {
        this.#bar.hidden = progress === null;
        showProgress(this.#bar, this.#state, progress);
      });
      if (!this.#gone && !this.#again) this.#show(found);
    } catch (error) {
      if (!this.#gone)
        this.#state.textContent = error instanceof Stopped ? sentence(error) : `Not checked: ${sentence(error)}`;
    }
    this.#bar.hidden = true;
    this.#running = false;
    if (this.#again && !this.#gone) {
      this.#again = false;
      void this.#check();
    }
  }

  /** @param {Found} found */
  #show({ report, form, faults, tried }) {
    this.#facts.take(report, form);
    const written = this.#words;
    this.#facts.own = {
      title: this.#base.title,
      question: written.question === '' ? (report.question ?? '') : this.#facts.own.question,
      situation: written.situation === '' ? (report.situation ?? '') : this.#facts.own.situation,
    };
    this.#form.update();
    this.#picker.update();
    this.#told.replaceChildren(...toldOf(report, tried));
    const trials = tried.flatMap((one, k) => trialFault(one, k));
    const all = [...faults, ...trials];
    const loose = showFaults(this.#form.element, all);
    this.#loose.replaceChildren(...loose.map(({ at, message }) => h('li', {}, `${at}: ${message}`)));
    const count = all.length;
    this.#state.textContent =
      count === 0 ? 'Nothing is wrong.' : count === 1 ? 'One thing to mend.' : `${count} things to mend.`;
    this.#first.hidden = count === 0 || loose.length === count;
  }

  #showFirst() {
    const box = this.#form.element.querySelector('[aria-invalid="true"]');
    const place =
      box ??
      [...this.#form.element.querySelectorAll('.write-field')].find(
        (one) => (one.querySelector('.field-message')?.textContent ?? '') !== '',
      );
    if (!(place instanceof HTMLElement)) return;
    place.scrollIntoView({ block: 'center' });
    place.focus({ preventScroll: true });
  }

  /** Remembers where a pick goes. @param {EventTarget | null} at */
  #aim(at) {
    if (!(at instanceof HTMLElement)) return;
    const step = at.closest('[data-name^="Step "]')?.getAttribute('data-name');
    this.#step = step == null ? -1 : Number(step.slice(5)) - 1;
    const takes = at.getAttribute('data-takes') ?? '';
    this.#target = takes !== '' && (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement) ? at : null;
    this.#sayTarget();
  }

  #sayTarget() {
    const target = this.#target;
    if (target === null || !target.isConnected) {
      this.#picker.say('Press on the field first that a pick is to go into.');
      return;
    }
    const label = target.closest('.write-field')?.querySelector('label')?.textContent ?? '';
    const group = target.closest('[data-name]')?.getAttribute('data-name') ?? '';
    this.#picker.say(`A pick goes into ${group === '' ? '' : `${group}, `}\u201c${label}\u201d.`);
  }

  /** The field a pick goes into, where it takes such. @param {string[]} kinds */
  #aimed(...kinds) {
    const target = this.#target;
    if (target?.isConnected && kinds.includes(target.dataset['takes'] ?? '')) return target;
    return null;
  }

  /** @param {string} id @param {string} pick @param {boolean} series @param {string} unit */
  #putNumber(id, pick, series, unit) {
    const target = this.#aimed('sentence', 'expression', 'series');
    const chosen = pick === '' ? id : `${id} ${pick}`;
    if (target === null)
      this.#picker.say(
        'Press on a field first that takes a number: a sentence, a condition, or the number that is asked for.',
      );
    else if (target.dataset['takes'] === 'sentence') putInto(target, `{${chosen}}`, false);
    else if (target.dataset['takes'] === 'expression') {
      putInto(target, chosen, false);
      this.#fillUnit(target, unit);
    } else if (series) putInto(target, id, true);
    else this.#picker.say('This is a single number. A series has a value for each step.');
  }

  /** The number that is asked for brings its unit. @param {HTMLElement} target @param {string} unit */
  #fillUnit(target, unit) {
    const box = this.#form.element.querySelector('[data-at="predict.unit"] input');
    if (target.closest('[data-at="predict.of"]') === null || !(box instanceof HTMLInputElement) || box.value !== '')
      return;
    box.value = unit;
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** @param {string} path @param {unknown} value */
  #putInput(path, value) {
    const last = this.#words.steps.length - 1;
    const k = this.#step >= 0 && this.#step <= last ? this.#step : last >= 0 ? last : this.#form.addStep();
    this.#form.addChange(k, path, value);
  }

  /** @param {string} id */
  #putChart(id) {
    const target = this.#aimed('chart', 'charts');
    if (target !== null) putInto(target, id, target.dataset['takes'] === 'chart');
    else if (this.#step >= 0) {
      const box = this.#form.element.querySelector(`[data-at="steps.${this.#step}.watch"] input`);
      if (box instanceof HTMLInputElement) putInto(box, id, true);
    } else this.#picker.say('Press on a step first, or on \u201cCharts to cover, too\u201d.');
  }

  get #file() {
    return fileOf(this.#words, this.#draft.scenario);
  }

  #save() {
    const name = fileName(this.#words.title.trim() || this.#base.title);
    save(`${name}.json`, new Blob([`${JSON.stringify(this.#file, null, 2)}\n`], { type: 'application/json' }));
  }

  /** The scenario with the lesson, at its beginning, as JSON text. */
  async #opened() {
    /** @type {Scenario} */
    const scenario = JSON.parse(await this.#around.client.call('open', JSON.stringify(this.#file)));
    const { predict, steps = [] } = lessonOf(this.#words);
    const lesson = predict !== undefined ? 'predict' : steps.length > 0 ? 'try-1' : 'why';
    return JSON.stringify({ ...scenario, view: { ...scenario.view, lesson } });
  }

  async #open() {
    try {
      this.#keep();
      await this.#around.open(await this.#opened());
    } catch (error) {
      this.#state.textContent = `It does not open: ${sentence(error)}`;
    }
  }

  async #makeLink() {
    try {
      const hash = hashOf((await this.#around.client.call('link', await this.#opened())).fragment);
      if (hash === UNLINKED) {
        this.#link.replaceChildren(
          'It is too large for a link. Save the file, which anybody can open on the front page.',
        );
      } else {
        const box = h('input', { type: 'text', readonly: true, class: 'wide', 'aria-label': 'Link of the lesson' });
        box.value = fullAddress(hash);
        const note = h('span', { class: 'help', role: 'status' });
        const copy = async () => {
          try {
            await navigator.clipboard.writeText(box.value);
            note.textContent = 'Copied.';
          } catch {
            box.select();
            note.textContent = 'Press Ctrl+C to copy the selected text.';
          }
        };
        this.#link.replaceChildren(box, h('button', { type: 'button', onclick: () => void copy() }, 'Copy link'), note);
      }
      this.#link.hidden = false;
      this.#link.querySelector('input')?.select();
    } catch (error) {
      this.#state.textContent = `There is no link: ${sentence(error)}`;
    }
  }
}

/**
 * What was found by trying a step.
 * @param {import('./check.js').Tried} tried
 * @param {number} k
 * @returns {Fault[]}
 */
function trialFault(tried, k) {
  const at = `steps.${k}.until`;
  if (tried === null) return [];
  if (tried.before) return [{ at, message: 'This holds already before the change of the step.' }];
  return tried.after ? [] : [{ at, message: 'This does not hold after the change of the step.' }];
}
