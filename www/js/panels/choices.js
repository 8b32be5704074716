// What can be compared, as buttons: one that is looked at shows its dispatch on the network, one that is pressed becomes
// the scenario.

import { h } from '../ui/dom.js';
import { Stopped, sentence } from '../session/problem.js';

/** @import { Alternative, Change, Report } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** A pointer that only crosses asks for nothing, ms. */
const CROSSING_MS = 90;

/**
 * @param {Lab} lab
 * @param {string} one of them, in a word
 * @param {(changes: Change[]) => Promise<Report>} ask the answer after these changes
 */
export function createChoices(lab, one, ask) {
  /** @type {Alternative[]} */
  let alternatives = [];
  /** Answers that were asked for. @type {Map<string, Report>} */
  let known = new Map();
  let looked = '';
  /** @type {Report | null} */
  let shown = null;
  let timer = 0;
  const caption = h('p', { class: 'board-caption', role: 'status' });
  const buttons = h('div', { class: 'board-choices', role: 'toolbar', 'aria-label': `All ${one}s`, onkeydown: goOn });
  const help = h(
    'p',
    { class: 'help' },
    'Point at one to see its dispatch on the network. Press it to make it the scenario; Undo leads back.',
  );
  const element = h('div', { class: 'board-pick' }, help, buttons);

  const of = (/** @type {string} */ id) => alternatives.find((own) => own.id === id);

  /** @param {Alternative} own */
  function say({ name, now }, waiting = false) {
    const what = now === true ? `The scenario: ${name}` : `If it were: ${name}`;
    caption.textContent = waiting ? `${what} …` : what;
  }

  function rest() {
    unlook(lab, shown);
    const now = alternatives.find((own) => own.now === true);
    if (now === undefined) caption.textContent = 'The scenario';
    else say(now);
  }

  /** @param {string} id '' for the scenario itself */
  function look(id) {
    if (id === looked) return;
    looked = id;
    window.clearTimeout(timer);
    for (const button of buttons.children)
      button.classList.toggle('is-looked', button.getAttribute('data-choice') === id);
    const own = of(id);
    if (own === undefined || own.now === true || own.refused) rest();
    else timer = window.setTimeout(() => void show(own), CROSSING_MS);
  }

  /** @param {Alternative} own */
  async function show(own) {
    if (own.opens) {
      lab.look(null);
      caption.textContent = `A scenario of its own, to be opened: ${own.name}`;
      return;
    }
    const answers = known;
    const found = answers.get(own.id);
    try {
      if (found === undefined) say(own, true);
      const report = found ?? (await ask(changesOf(own)));
      answers.set(own.id, report);
      if (looked !== own.id || answers !== known) return;
      lab.look(report);
      shown = report;
      say(own);
    } catch (error) {
      if (looked === own.id && !(error instanceof Stopped)) caption.textContent = sentence(error);
    }
  }

  /** @param {string} id */
  function choose(id) {
    const own = of(id);
    if (own === undefined || own.now === true || own.refused) return;
    looked = '';
    window.clearTimeout(timer);
    // Another case is a page of its own, from which the browser leads back.
    if (own.opens) location.hash = own.opens;
    else lab.edit(changesOf(own));
  }

  return {
    element,
    caption,
    look,
    choose,
    /** @param {Alternative[]} next */
    show(next) {
      alternatives = next;
      known = new Map();
      const focused = document.activeElement?.getAttribute('data-choice') ?? null;
      const inside = buttons.contains(document.activeElement);
      const entry = Math.max(
        0,
        next.findIndex(({ now }) => now === true),
      );
      buttons.replaceChildren(...next.map((own, k) => buttonOf(own, { look, choose, entry: k === entry })));
      element.hidden = next.length === 0;
      const again = [...buttons.children].find((button) => button.getAttribute('data-choice') === focused);
      if (inside && again instanceof HTMLElement) again.focus({ preventScroll: true });
      looked = '';
      rest();
    },
    destroy() {
      window.clearTimeout(timer);
      unlook(lab, shown);
    },
  };
}

/**
 * The network shows the scenario again, unless it shows what another part looks at.
 * @param {Lab} lab
 * @param {Report | null} shown
 */
function unlook(lab, shown) {
  if (shown !== null && lab.seen.report === shown) lab.look(null);
}

/** @param {Alternative} own @returns {Change[]} */
function changesOf({ changes }) {
  return changes.map(([path, value]) => ({ path, value }));
}

/**
 * @param {Alternative} own
 * @param {{ look: (id: string) => void, choose: (id: string) => void, entry: boolean }} acts entry: it is where Tab stops
 */
function buttonOf(own, { look, choose, entry }) {
  const { id, name, now, refused } = own;
  return h(
    'button',
    {
      type: 'button',
      'data-choice': id,
      tabindex: entry ? 0 : -1,
      'aria-pressed': String(now === true),
      disabled: Boolean(refused),
      title: refused ?? '',
      onclick: () => choose(id),
      onpointerenter: (/** @type {PointerEvent} */ { pointerType }) => pointerType === 'mouse' && look(id),
      onpointerleave: () => look(''),
      onfocus: () => look(id),
      onblur: () => look(''),
    },
    name,
  );
}

/** Steps that a key goes. @type {Record<string, number>} */
const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * The choices are one stop of Tab; arrows go from one to the next.
 * @param {KeyboardEvent} event
 */
function goOn(event) {
  const { key, currentTarget, target } = event;
  const all = currentTarget instanceof Element ? [...currentTarget.querySelectorAll('button:not(:disabled)')] : [];
  const at = all.findIndex((button) => button === target);
  const to = key === 'Home' ? 0 : key === 'End' ? all.length - 1 : at + (MOVES[key] ?? 0);
  const next = all[to];
  if (at < 0 || to === at || !(next instanceof HTMLElement)) return;
  event.preventDefault();
  for (const button of all) button.setAttribute('tabindex', button === next ? '0' : '-1');
  next.focus();
}
