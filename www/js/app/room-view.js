// The page of a classroom: rooms kept in this browser, a new one, and the one that is open.

import { codesIn, spell, spelled } from '../class/code.js';
import { createRoomPanel } from '../class/room-panel.js';
import { addressOf, copyOf, dropRoom, isSame, keepRoom, otherState, readRoom, rooms } from '../class/room.js';
import { createSetup } from '../class/setup.js';
import { ago } from '../session/autosave.js';
import { h, markFirstResult } from '../ui/dom.js';
import { createHeader, createNotice } from './shell.js';

/** @import { Client } from '../session/client.js' */
/** @import { Room } from '../class/room.js' */
/** @import { Part } from '../class/room-panel.js' */

/**
 * @param {Client} client
 * @param {HTMLElement} notices
 * @param {string} about what stands behind `#room&`: `open=` a room of this browser, `bid=` a code for one, or the hash of a
 *   scenario whose grid a new room takes
 */
export function createRoomView(client, notices, about) {
  const header = createHeader({ title: 'Classroom' });
  const place = h('div', {});
  const main = h('main', { id: 'main', tabindex: -1 }, notices, place);
  /** @type {{ room: Room, panel: ReturnType<typeof createRoomPanel> } | null} */
  let open = null;

  const tell = teller(notices);
  const unkept = () => tell(unkeptNotice());

  /** @param {Room} room @param {Part} [part] */
  function enter(room, part) {
    open?.panel.destroy();
    const begun = room.rounds.findIndex(({ cleared, text }) => cleared === null && text !== '');
    const panel = createRoomPanel(client, room, { part: part ?? (begun < 0 ? 'seats' : begun + 1), unkept });
    open = { room, panel };
    const name = h(
      'p',
      { class: 'room-title' },
      h('strong', { translate: 'no' }, room.title),
      h('span', { class: 'help' }, ` ${room.seats.length} seats`),
    );
    place.replaceChildren(name, panel.element);
    history.replaceState(null, '', `#room&open=${addressOf(room)}`);
    scrollTo(0, 0);
  }

  /** @param {Room} room */
  function add(room) {
    tell(null);
    if (!keepRoom(room)) unkept();
    enter(room);
  }

  /** @param {Room} room one that this browser keeps */
  function reopen(room) {
    tell(null);
    enter(room);
  }

  /** A room from a file: what is kept of it here is not written over unasked. @param {Room} room */
  function take(room) {
    const kept = otherState(room);
    if (kept === null) add(room);
    else tell(question(room, kept, add));
  }

  function start() {
    open?.panel.destroy();
    open = null;
    const scenario = /^([pz])=/.test(about) ? `#${about}` : '';
    place.replaceChildren(
      h(
        'div',
        { class: 'room-start' },
        h(
          'p',
          {},
          'A market with your class as its power stations. Each student opens a link with an own role, bids, and sends you back a short signed code; you paste the codes, and this page clears the market. There is no server: nothing leaves this browser.',
        ),
        keptRooms(reopen, start),
        fileInput(take, tell),
        h('h2', {}, 'A new room'),
        createSetup(client, scenario, add).element,
      ),
    );
  }

  /** A bid that came as a link goes to the room of this browser that it is for. @param {string} text */
  function takeBid(text) {
    const [letters = ''] = codesIn(text);
    const { bid, room: id } = spell(letters);
    const room = rooms().find((one) => one.id === id);
    const round = bid === null ? undefined : room?.rounds[bid.round - 1];
    if (room === undefined || round === undefined || bid === null) {
      tell(strayNotice(letters === '' ? text : spelled(letters)));
      start();
      return;
    }
    round.text = `${round.text}${round.text === '' || round.text.endsWith('\n') ? '' : '\n'}${spelled(letters)}\n`;
    if (!keepRoom(room)) unkept();
    enter(room, bid.round);
  }

  /** Another window of this browser changed a room, as a bid that was opened as a link does. @param {StorageEvent} event */
  function heard({ key }) {
    if (key !== 'tandem:rooms' || open === null) return;
    const { room, panel } = open;
    const other = rooms().find((one) => isSame(one, room));
    if (other !== undefined && other.at > room.at) enter(other, panel.part());
  }

  addEventListener('storage', heard);
  const [, name, what = ''] = /^(open|bid)=(.*)$/.exec(about) ?? [];
  const kept = name === 'open' ? rooms().find((room) => addressOf(room) === what) : undefined;
  if (kept !== undefined) enter(kept);
  else if (name === 'bid') takeBid(what);
  else {
    if (name === 'open') tell(createNotice('bad', 'This room is not in this browser.', 'Open its JSON file.'));
    start();
  }
  markFirstResult();
  return {
    element: h('div', { class: 'class-page room-page' }, header.element, main),
    destroy() {
      removeEventListener('storage', heard);
      open?.panel.destroy();
      header.destroy();
    },
  };
}

/** Says one thing at a time, and leaves what others have to say. @param {HTMLElement} notices */
function teller(notices) {
  /** @type {HTMLElement | null} */
  let told = null;
  return (/** @type {HTMLElement | null} */ notice) => {
    told?.remove();
    told = notice;
    if (notice !== null) notices.prepend(notice);
  };
}

function unkeptNotice() {
  const how = 'Save the room as JSON under Standings before you leave the page.';
  return createNotice('bad', 'This browser keeps nothing.', how);
}

/** @param {string} code */
function strayNotice(code) {
  const title = 'This link hands a bid to its room, which is not in this browser.';
  return createNotice('note', title, 'Send the code to your teacher instead:', h('code', {}, code));
}

/**
 * Rooms of this browser.
 * @param {(room: Room) => void} enter
 * @param {() => void} again
 */
function keptRooms(enter, again) {
  const all = rooms();
  if (all.length === 0) return null;
  const item = (/** @type {Room} */ room) => {
    const drop = h('button', { type: 'button', class: 'quiet', onclick: () => ask() }, 'Delete');
    const ask = () => {
      if (drop.textContent === 'Delete') drop.textContent = 'Delete for good?';
      else {
        dropRoom(room);
        again();
      }
    };
    return h(
      'li',
      {},
      h('button', { type: 'button', onclick: () => enter(room) }, 'Open'),
      h('strong', { translate: 'no' }, room.title),
      h('span', { class: 'help' }, `${room.seats.length} seats, ${ago(room.at)}`),
      drop,
    );
  };
  return h('section', {}, h('h2', {}, 'Rooms in this browser'), h('ul', { class: 'room-kept' }, ...all.map(item)));
}

/**
 * What is to become of a file whose room is here in another state.
 * @param {Room} room of the file
 * @param {Room} kept
 * @param {(room: Room) => void} add
 */
function question(room, kept, add) {
  const asked = createNotice(
    'note',
    kept.at > room.at
      ? 'This browser has a newer state of this room.'
      : 'This browser has an older state of this room.',
    `Changed here: ${ago(kept.at)}. Changed in the file: ${ago(room.at)}.`,
    h('button', { type: 'button', class: 'primary', onclick: () => add(copyOf(room)) }, 'Keep both'),
    h('button', { type: 'button', onclick: () => add(room) }, 'Replace by the file'),
    h('button', { type: 'button', onclick: () => asked.remove() }, 'Cancel'),
  );
  return asked;
}

/** @param {(room: Room) => void} add @param {(notice: HTMLElement) => void} tell */
function fileInput(add, tell) {
  const input = h('input', {
    ...{ type: 'file', accept: '.json,application/json', id: 'room-file' },
    onchange: async () => {
      const [file] = input.files ?? [];
      const room = file === undefined ? null : readRoom(await file.text());
      input.value = '';
      if (room !== null) add(room);
      else tell(createNotice('bad', 'This file is no room.', 'A room is saved as JSON under Standings.'));
    },
  });
  return h('p', { class: 'row' }, h('label', { for: 'room-file' }, 'Open a room from its JSON file'), input);
}
