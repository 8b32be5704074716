// Pointing at the parts of the one-line diagram, pressing them, and walking from part to part by keys.

/** @import { Part } from './parts.js' */

/** How an arrow key goes, right and down. @type {Record<string, [number, number]>} */
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
/** A part aside of the way is as far as one so many times as far ahead. */
const ASIDE = 2.5;

/**
 * `near`: the part under the pointer or in focus has changed; `enter`: a part takes the place in the tab order.
 * @typedef {{
 *   parts: () => Part[], near: (part: Part | null) => void, enter: (part: Part, focus: boolean) => void,
 *   press: (part: Part | null) => void, leave: () => void
 * }} Acts `leave`: nothing is to be selected any more
 */

/**
 * @param {HTMLElement} stage
 * @param {Acts} acts
 */
export function listenToParts(stage, acts) {
  const partOf = (/** @type {EventTarget | null} */ target) => partAt(acts.parts(), target);
  stage.addEventListener('pointerover', ({ target }) => acts.near(partOf(target)));
  stage.addEventListener('pointerleave', () => acts.near(null));
  stage.addEventListener('focusin', ({ target }) => {
    const part = partOf(target);
    if (part !== null) acts.enter(part, false);
    acts.near(part);
  });
  stage.addEventListener('focusout', () => acts.near(null));
  stage.addEventListener('click', ({ target }) => acts.press(partOf(target)));
  stage.addEventListener('keydown', (event) => {
    const part = partOf(event.target);
    if (part !== null && pressKey(event.key, part, acts)) event.preventDefault();
  });
}

/**
 * @param {string} key
 * @param {Part} part that has the focus
 * @param {Acts} acts
 * @returns {boolean} whether the key was one of the diagram's
 */
function pressKey(key, part, acts) {
  const way = WAYS[key];
  if (key === 'Enter' || key === ' ') acts.press(part);
  else if (key === 'Escape') acts.leave();
  else if (way === undefined) return false;
  else {
    const next = towards(acts.parts(), part, ...way);
    if (next !== null) acts.enter(next, true);
  }
  return true;
}

/**
 * @param {Part[]} parts
 * @param {EventTarget | null} target
 */
function partAt(parts, target) {
  const hit = target instanceof Element ? target.closest('[data-item]') : null;
  const item = hit?.getAttribute('data-item');
  return parts.find((part) => part.element === hit) ?? parts.findLast((part) => part.item === item) ?? null;
}

/**
 * The nearest part in a direction.
 * @param {Part[]} parts
 * @param {Part} from
 * @param {number} dx
 * @param {number} dy
 */
function towards(parts, from, dx, dy) {
  let best = null;
  let least = Infinity;
  for (const part of parts) {
    const [x, y] = [part.centre.x - from.centre.x, part.centre.y - from.centre.y];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (part === from || ahead < 1) continue;
    const cost = ahead + ASIDE * aside;
    if (cost < least) {
      least = cost;
      best = part;
    }
  }
  return best;
}
