// The card beside the network in which its buses, lines and units are added, changed and taken out.

import { isGrid } from '../network/scene.js';
import { sentence } from '../session/problem.js';
import { h, uid } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { WORDS, find, kindOf, listOf, moved, pageItem, removed } from './change.js';
import { listenToMoves } from './drag.js';
import { feeders } from './feeders.js';
import { formOf } from './form.js';
import { addForm, around, changeForm, kindsOf } from './forms.js';

/** @import { Feeder, Scenario } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Changed, Kind } from './change.js' */

/** Items that a name can be found among at once. */
const FOUND = 3000;
const HINT = 'Press a bus, line or unit of the network, or find it by its name.';
const DRAG = 'Drag the bus in the network, or move it there by Shift and the arrow keys.';

/** @type {Promise<void> | null} */
let styled = null;

/** Resolves when the card can be shown as it is meant. */
function style() {
  styled ??= new Promise((resolve) => {
    const loaded = () => resolve();
    document.head.append(h('link', { rel: 'stylesheet', href: 'css/edit.css', onload: loaded, onerror: loaded }));
  });
  return styled;
}

/**
 * @param {Lab} lab
 * @param {{ element: HTMLElement }} network which may become another element
 * @param {() => void} close
 */
export async function createEditor(lab, network, close) {
  await style();
  return new Editor(lab, network, close);
}

class Editor {
  element;
  #lab;
  #selected = h('section', { class: 'edit-part edit-selected' });
  #add = h('section', { class: 'edit-part edit-add' });
  #done = h('p', { class: 'edit-done', role: 'status' });
  /** The kind that is added, as chosen last. @type {Kind} */
  #kind = 'bus';
  /** What the form of the selection was made of: while that stays, so does what is typed. */
  #shown = '';
  /** The same of the form that adds. */
  #offered = '';
  /** Feeders that can be attached. @type {[string, Feeder][] | null} */
  #ready = null;
  /** A change on its way: what makes it, its text as the program wrote it, and where it is said. @type {Way | null} */
  #way = null;
  /** @type {(() => void)[]} */
  #stops;

  /**
   * @param {Lab} lab
   * @param {{ element: HTMLElement }} network
   * @param {() => void} close
   */
  constructor(lab, network, close) {
    this.#lab = lab;
    const titleId = uid('edit');
    const shut = h(
      'button',
      { type: 'button', class: 'icon-button', 'aria-label': 'Close the card', title: 'Close the card', onclick: close },
      icon('close'),
    );
    this.element = h(
      'section',
      { class: 'edit-card', 'aria-labelledby': titleId, tabindex: -1 },
      h('header', {}, h('h2', { id: titleId }, 'Change the grid'), shut),
      this.#done,
      this.#selected,
      this.#add,
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close();
    });
    this.#update();
    this.#stops = [
      lab.on('result', () => this.#arrived()),
      lab.on('selection', () => this.#update()),
      lab.on('status', () => this.#failed()),
      listenToMoves(network, {
        system: () => lab.scenario.case,
        move: (places, id) => this.#put((document) => moved(document, places, id), null),
      }),
    ];
  }

  destroy() {
    for (const stop of this.#stops) stop();
    this.element.remove();
  }

  #update() {
    this.#showSelected();
    this.#showAdd();
  }

  /** The bus that is selected, or that of the selected unit; '' for none. */
  get #place() {
    const { case: system } = this.#lab.scenario;
    const here = kindOf(system, this.#lab.selection);
    if (here === null) return '';
    return here.kind === 'bus' ? here.id : String(find(system, here.kind, here.id)?.item['bus'] ?? '');
  }

  #showSelected() {
    const lab = this.#lab;
    const { case: system } = lab.scenario;
    const here = kindOf(system, lab.selection);
    const found = here === null ? null : find(system, here.kind, here.id);
    const near = here === null ? [] : around(system, here.kind, here.id);
    const now = JSON.stringify([here, found?.item, near, idsIn(lab.scenario)]);
    if (now === this.#shown) return;
    this.#shown = now;
    const inside = this.#selected.contains(document.activeElement);
    const title = here === null ? 'Change or take out' : titleOf(here.kind, here.id);
    const head = h(
      'div',
      { class: 'edit-head' },
      h('h3', { tabindex: -1 }, ...(here === null ? [title] : named(NAMES[here.kind], here.id))),
      this.#finder(),
    );
    if (here === null || found === null) {
      this.#selected.replaceChildren(head, h('p', { class: 'help' }, HINT));
    } else {
      const { kind, id } = here;
      const take = () => void this.#put((document) => removed(document, kind, id), null);
      const asked = changeForm(lab.scenario, kind, id);
      const form = formOf(asked?.specs ?? [], lab.report, {
        label: title,
        verb: 'Apply',
        submit: (values) => void this.#put((document) => asked?.make(document, values) ?? null, form),
        more: [h('button', { type: 'button', class: 'edit-take', onclick: take }, 'Take out')],
      });
      const drag = kind === 'bus' && found.feeder === null && !isGrid(system) ? [h('p', { class: 'help' }, DRAG)] : [];
      this.#selected.replaceChildren(head, ...this.#wayTo(near), form.element, ...drag);
    }
    if (inside) this.#selected.querySelector('h3')?.focus({ preventScroll: true });
  }

  /** @param {{ kind: Kind, id: string }[]} near */
  #wayTo(near) {
    if (near.length === 0) return [];
    const press = (/** @type {Kind} */ kind, /** @type {string} */ id) => () =>
      this.#lab.select(pageItem(kind, id, this.#lab.scenario.case));
    const buttons = near.map(({ kind, id }) =>
      h('button', { type: 'button', class: 'edit-near', onclick: press(kind, id) }, ...named(WORDS[kind], id)),
    );
    return [h('div', { class: 'edit-around', role: 'group', 'aria-label': 'Connected with it' }, ...buttons)];
  }

  /** Finds an item by its name: the way in where the network is a map. */
  #finder() {
    const { case: system } = this.#lab.scenario;
    const id = uid('edit');
    const listId = uid('edit');
    const names = namesOf(system);
    const box = h('input', { id, type: 'search', list: listId, autocomplete: 'off', spellcheck: 'false' });
    const word = h('span', { class: 'help', role: 'status' });
    const look = (/** @type {Event} */ event) => {
      event.preventDefault();
      const typed = box.value.trim();
      const item = names.get(typed) ?? [...names].find(([name]) => name.endsWith(` ${typed}`))?.[1];
      if (item !== undefined) this.#lab.select(item);
      else word.textContent = typed === '' ? '' : `There is no bus, line or unit ${typed}.`;
    };
    box.addEventListener('input', () => names.has(box.value) && look(new Event('input')));
    return h(
      'form',
      { class: 'edit-find', role: 'search', onsubmit: look },
      h('label', { for: id }, 'Find'),
      box,
      h('datalist', { id: listId }, ...[...names.keys()].slice(0, FOUND).map((name) => h('option', { value: name }))),
      word,
    );
  }

  /** @param {Record<string, any>} [given] what is chosen in the form already */
  #showAdd(given) {
    const lab = this.#lab;
    const { scenario } = lab;
    const kinds = kindsOf(scenario);
    if (!kinds.includes(this.#kind)) this.#kind = kinds[0] ?? 'bus';
    const kind = this.#kind;
    const now = JSON.stringify([kind, this.#place, kinds, idsIn(scenario), kind === 'feeder' && this.#ready === null]);
    if (given === undefined && now === this.#offered) return;
    this.#offered = now;
    if (kind === 'feeder') void this.#fetch();
    const again = () =>
      this.#showAdd({ ...form.typed(), proposed: asked.specs.find(({ key }) => key === 'id')?.value });
    const asked = addForm(scenario, kind, { place: this.#place, ready: this.#ready ?? [] }, given ?? {}, again);
    const specs = kind === 'feeder' && (this.#ready ?? []).length === 0 ? [] : asked.specs;
    const form = formOf(specs, lab.report, {
      label: `Add: ${NAMES[kind]}`,
      verb: 'Add',
      submit: (values) => void this.#put((document) => asked.make(document, values), form),
    });
    const inside = this.#add.contains(document.activeElement) ? document.activeElement : null;
    const key = this.#fields.find(({ control }) => control === inside)?.spec.key;
    this.#fields = form.fields;
    this.#add.replaceChildren(h('h3', {}, 'Add'), this.#chooser(kinds), form.element);
    if (given !== undefined) form.restore(given);
    const back = form.fields.find(({ spec }) => spec.key === key)?.control;
    if (inside !== null) (back ?? this.#add.querySelector('[aria-pressed="true"]'))?.focus({ preventScroll: true });
  }

  /** Those of the form that adds. @type {import('./fields.js').Field[]} */
  #fields = [];

  /** @param {Kind[]} kinds */
  #chooser(kinds) {
    return h(
      'div',
      { class: 'edit-kinds', role: 'group', 'aria-label': 'What to add' },
      ...kinds.map((kind) => {
        const choose = () => {
          this.#kind = kind;
          this.#showAdd();
        };
        const pressed = String(kind === this.#kind);
        return h('button', { type: 'button', 'aria-pressed': pressed, onclick: choose }, NAMES[kind]);
      }),
    );
  }

  async #fetch() {
    if (this.#ready !== null) return;
    this.#ready = await feeders(this.#lab.client);
    this.#offered = '';
    this.#showAdd();
  }

  /**
   * Asks the program whether it takes the grid as changed, and shows it; what it says against it stands in the form.
   * @param {(document: Scenario) => Changed | null} make
   * @param {ReturnType<typeof formOf> | null} form
   */
  async #put(make, form) {
    const lab = this.#lab;
    const made = make(lab.scenario);
    if (made === null) return;
    form?.busy(true);
    this.#say('');
    try {
      const text = await lab.client.call('open', JSON.stringify(made.document));
      if (text === lab.text) {
        this.#say('This is how it is already.');
        return;
      }
      this.#way = { make, made, text, form, again: this.#way !== null };
      lab.replace(text);
    } catch (error) {
      if (form === null) this.#say(sentence(error), true);
      else form.refuse(error);
    } finally {
      form?.busy(false);
    }
  }

  /** A result is there: of the change on its way, or of another, made meanwhile, after which it is made again. */
  #arrived() {
    const way = this.#way;
    this.#way = null;
    const lab = this.#lab;
    if (way !== null && way.text !== lab.text && !way.again) {
      this.#way = way;
      void this.#put(way.make, way.form);
      return;
    }
    if (way !== null && way.text === lab.text) {
      if (lab.phase !== '' && lab.report.lesson == null) lab.setPhase('');
      lab.select(way.made.item);
      this.#tell(way.made);
    } else if (way === null) this.#say('');
    this.#update();
  }

  /** The solve came to nothing. */
  #failed() {
    const { trouble } = this.#lab;
    if (this.#way === null || trouble === '') return;
    const { form } = this.#way;
    this.#way = null;
    if (form === null) this.#say(trouble, true);
    else form.refuse(new Error(trouble));
  }

  /** @param {Changed} made */
  #tell({ done, parts }) {
    const undo = h('button', { type: 'button', class: 'quiet', onclick: () => this.#lab.undo() }, 'Undo');
    this.#say(`${done}: ${parts.join(', ')}.`);
    this.#done.append(' ', undo);
  }

  /**
   * @param {string} text
   * @param {boolean} [bad]
   */
  #say(text, bad = false) {
    this.#done.classList.toggle('is-bad', bad);
    this.#done.replaceChildren(...(text === '' ? [] : [h('span', {}, text)]));
  }
}

/**
 * @typedef {{
 *   make: (document: Scenario) => Changed | null, made: Changed, text: string, form: ReturnType<typeof formOf> | null, again: boolean
 * }} Way `again`: it was made a second time
 */

/** What can be added. @type {Record<Kind, string>} */
const NAMES = {
  ...{ bus: 'Bus', branch: 'Line', generator: 'Generator', load: 'Load', der: 'DER' },
  ...{ bid: 'Bid', imbalance: 'Imbalance', aggregator: 'Aggregator', feeder: 'Feeder' },
};

/** @param {Kind} kind @param {string} id */
function titleOf(kind, id) {
  return `${NAMES[kind]} ${id}`;
}

/**
 * A word with a name behind it, which is nobody's to translate.
 * @param {string} word
 * @param {string} id
 */
function named(word, id) {
  return [h('span', {}, word), ' ', h('span', { translate: 'no' }, id)];
}

/**
 * Every item by the name it is found by.
 * @param {Scenario['case']} system
 * @returns {Map<string, string>}
 */
function namesOf(system) {
  const kinds = /** @type {Kind[]} */ (Object.keys(NAMES));
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const kind of kinds)
    for (const { id } of listOf(system, kind)) names.set(`${WORDS[kind]} ${id}`, pageItem(kind, id, system) ?? '');
  for (const feeder of system.feeders ?? []) for (const { id } of feeder.buses) names.set(`bus ${id}`, `bus:${id}`);
  return names;
}

/** What a form that adds depends on. @param {Scenario} scenario */
function idsIn({ case: system }) {
  const kinds = /** @type {Kind[]} */ (Object.keys(NAMES));
  return kinds.map((kind) => listOf(system, kind).map(({ id }) => id));
}
