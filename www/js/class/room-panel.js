// An open room: its seats, its rounds and the standings, one at a time on screen.

import { h } from '../ui/dom.js';
import { keepRoom } from './room.js';
import { createRoundPanel } from './round-panel.js';
import { createSeatsPanel } from './seats-panel.js';
import { createSolver } from './solver.js';
import { createStandings } from './standings.js';

/** @import { Client } from '../session/client.js' */
/** @import { Room } from './room.js' */
/** @import { Answer } from './answers.js' */
/** @import { Played } from './files.js' */

/** @typedef {'seats' | 'standings' | number} Part a number is a round, from 1 */

/**
 * @param {Client} client
 * @param {Room} room
 * @param {{ part: Part, unkept: () => void }} page
 */
export function createRoomPanel(client, room, { part, unkept }) {
  const solver = createSolver(client);
  /** @type {Map<number, Map<number, Answer>>} */
  const answers = new Map(room.rounds.map((_, k) => [k + 1, new Map()]));
  const place = h('div', {});
  const tabs = h('nav', { class: 'room-tabs', 'aria-label': 'Parts of the room' });
  /** @type {{ element: HTMLElement, destroy: () => void } | null} */
  let shown = null;
  let now = part;
  const kept = () => {
    if (!keepRoom(room)) unkept();
  };

  /** @returns {Promise<Played[]>} */
  const results = () =>
    Promise.all(
      room.rounds.flatMap((round, k) => {
        const { cleared } = round;
        if (cleared === null) return [];
        const found = answers.get(k + 1) ?? new Map();
        return [
          solver
            .clear(room, round, cleared.offers, round.rule)
            .then((result) => ({ round: k + 1, result, answers: found })),
        ];
      }),
    );

  function dress() {
    const tab = (/** @type {Part} */ one, /** @type {string} */ label, done = false) =>
      h(
        'button',
        {
          type: 'button',
          'aria-current': one === now ? 'page' : null,
          class: done ? 'is-done' : null,
          onclick: () => open(one),
        },
        label,
      );
    tabs.replaceChildren(
      tab('seats', 'Seats'),
      ...room.rounds.map(({ cleared }, k) =>
        tab(k + 1, cleared === null ? `Round ${k + 1}` : `✓ Round ${k + 1}`, cleared !== null),
      ),
      tab('standings', 'Standings'),
    );
  }

  /** @param {Part} one @param {boolean} [replays] */
  function open(one, replays = false) {
    shown?.destroy();
    now = one;
    dress();
    if (one === 'seats') shown = createSeatsPanel(room);
    else if (one === 'standings') shown = createStandings(room, results, kept);
    else {
      const later = room.rounds.findIndex((round, k) => k >= one && round.cleared !== null);
      shown = createRoundPanel(client, room, one, {
        ...{ solver, kept, replays, done: dress, answers: answers.get(one) ?? new Map() },
        next: later < 0 ? null : () => open(later + 1, true),
      });
    }
    place.replaceChildren(shown.element);
  }

  open(part);
  // Each round is compared with what it would be at cost, under its own rule; that is solved before the class waits for it.
  for (const round of room.rounds) void solver.efficient(room, round, round.rule).catch(() => {});
  return {
    element: h('div', { class: 'room' }, tabs, place),
    part: () => now,
    destroy: () => shown?.destroy(),
  };
}
