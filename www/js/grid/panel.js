// The figure of a large network: a picture that zooms from the whole to single buses, with search, reading and table.

import { createTable } from '../charts/datatable.js';
import { addDoors } from '../charts/why-doors.js';
import { frameOf, hintOf } from '../network/frame.js';
import { key, legendOf } from '../network/legend.js';
import { marksLegend, signed, whoMoves } from '../network/marks.js';
import { priceScale } from '../network/price.js';
import { sceneOf, unitsAt } from '../network/scene.js';
import { busSentence, networkSentence, wireSentence } from '../network/sentences.js';
import { itemOf, markSelected, subjectOf } from '../session/items.js';
import { power } from '../session/read.js';
import { h, markFirstResult, save } from '../ui/dom.js';
import { onTheme } from '../ui/theme.js';
import { createFinder, createZoom } from './controls.js';
import { gridOf, spacingOf, stateOf } from './grid.js';
import { layOut } from './layout.js';
import { paint } from './paint.js';
import { listen } from './pointing.js';
import { centred, drawnOut, onScreen, towards, under, whole, zoomed } from './view.js';

/** @import { NetworkOptions } from '../network/panel.js' */
/** @import { Scale } from '../network/price.js' */
/** @import { Scene } from '../network/scene.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Case } from '../session/types.js' */
/** @import { Grid, State } from './grid.js' */
/** @import { Marks } from './paint.js' */
/** @import { View } from './view.js' */

/** Px from bus to bus of a bus that was looked for. */
const FOUND = 60;
const STEP = 1.6;

export class GridPanel {
  #lab;
  #options;
  #frame;
  #canvas = h('canvas', { 'aria-hidden': 'true' });
  #stage;
  /** @type {Grid} */
  #grid;
  /** The case that was laid out, or is on its way. @type {Case | null} */
  #laid = null;
  /** The same for sentences, legend and tables. @type {Scene} */
  #scene;
  /** Where the buses stand as laid out, and as drawn. @type {{ xy: Float32Array, given: boolean } | null} */
  #layout = null;
  /** @type {Float32Array | null} */
  #xy = null;
  #spacing = 1;
  /** @type {View} */
  #view = { k: 1, x: 0, y: 0 };
  /** Whether all is in sight. */
  #isWhole = true;
  /** The bus that was looked for: it stays in the middle while the layout comes to rest. @type {number | null} */
  #held = null;
  /** The bus that was looked for before any had a place. @type {number | null} */
  #wanted = null;
  #size = { width: 0, height: 0 };
  /** @type {Scale | null} */
  #prices = null;
  /** @type {State | null} */
  #state = null;
  /** The item under the pointer, or reached by keys. @type {string | null} */
  #near = null;
  #painting = 0;
  #giveUp = () => {};
  /** @type {(() => void)[]} */
  #stops;

  /**
   * @param {Lab} lab
   * @param {NetworkOptions} options
   */
  constructor(lab, options) {
    this.#lab = lab;
    this.#options = options;
    this.#grid = gridOf(lab.scenario.case);
    this.#scene = sceneOf(lab.scenario.case);
    const finder = createFinder((name) => this.#find(name));
    this.#frame = frameOf(finder, options.bare ?? false, {
      widen: () => this.element.classList.toggle('is-wide'),
      change: options.change,
      save: () => void this.#download(),
      painted: true,
    });
    this.#stage = h('div', {
      ...{ class: 'grid-map', tabindex: 0, role: 'application' },
      'aria-label': 'Map of the grid; arrow keys move from bus to bus, Enter asks why, plus and minus zoom',
    });
    this.#stage.append(this.#canvas);
    const zoom = createZoom({
      nearer: () => this.#zoom(STEP),
      farther: () => this.#zoom(1 / STEP),
      whole: () => this.#showWhole(),
    });
    this.#frame.stage.append(this.#stage, zoom);
    this.#frame.stage.classList.add('grid-stage');
    this.element.classList.add('is-wide');
    listen(this.#stage, {
      near: (point) => this.#point(point === null ? null : this.#under(point)),
      press: (point) => this.#press(this.#under(point)),
      drag: (dx, dy) => this.#move({ ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy }, false),
      zoom: (by, point) => this.#zoom(by, point),
      key: (name) => this.#key(name),
    });
    this.#stops = this.#watch();
  }

  get element() {
    return this.#frame.element;
  }

  destroy() {
    this.#giveUp();
    cancelAnimationFrame(this.#painting);
    for (const stop of this.#stops) stop();
  }

  /** @returns {(() => void)[]} */
  #watch() {
    const lab = this.#lab;
    const resize = new ResizeObserver(() => this.#resize());
    resize.observe(this.#stage);
    const { details } = this.#frame;
    details.addEventListener('toggle', () => void this.#fillTable());
    this.#rebuild();
    return [
      lab.on('result', () => this.#rebuild()),
      lab.on('cursor', () => this.#update()),
      lab.on('selection', () => {
        this.#read();
        this.#paint();
        markSelected(this.element, lab.selection);
      }),
      lab.on('why', () => {
        this.#legend();
        this.#paint();
      }),
      onTheme(() => this.#paint()),
      () => resize.disconnect(),
    ];
  }

  /** Another answer, perhaps of another network. */
  #rebuild() {
    const lab = this.#lab;
    const grid = gridOf(lab.scenario.case);
    this.#scene = sceneOf(lab.scenario.case);
    this.#prices = priceScale(lab.report);
    this.#grid = grid;
    // Another load leaves every bus where it is, and a layout that is not done yet goes on.
    if (this.#laid === null || !isSameNet(this.#laid, lab.scenario.case)) {
      this.#giveUp();
      this.#giveUp = layOut(lab.scenario.case, (xy, given) => {
        this.#layout = { xy, given };
        this.#place();
      });
    }
    this.#laid = lab.scenario.case;
    this.#update();
    this.#legend();
  }

  #place() {
    if (this.#layout === null || this.#size.width === 0) return;
    const { xy, given } = this.#layout;
    if (this.#xy?.length !== xy.length) this.#isWhole = true;
    this.#xy = given ? xy : drawnOut(xy, this.#size);
    this.#spacing = spacingOf(this.#grid, this.#xy);
    if (this.#wanted !== null) this.#look(this.#wanted);
    else if (this.#isWhole) this.#showWhole();
    else if (this.#held !== null) this.#centre(this.#held);
    this.#paint();
    markFirstResult();
  }

  #update() {
    this.#state = stateOf(this.#lab, this.#grid, this.#prices, this.#lab.cursor);
    this.#read();
    this.#paint();
    void this.#fillTable();
  }

  #resize() {
    const width = Math.max(240, Math.floor(this.#stage.clientWidth));
    const tall = width < 480 ? width * 1.1 : Math.min(620, width * 0.5);
    const height = this.#options.height ?? Math.round(Math.max(300, tall));
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    const dense = devicePixelRatio || 1;
    Object.assign(this.#canvas, { width: Math.round(width * dense), height: Math.round(height * dense) });
    Object.assign(this.#canvas.style, { width: `${width}px`, height: `${height}px` });
    this.#place();
  }

  #paint() {
    if (this.#painting !== 0) return;
    this.#painting = requestAnimationFrame(() => {
      this.#painting = 0;
      const ink = this.#canvas.getContext('2d');
      if (ink === null || this.#xy === null || this.#state === null || this.#size.width === 0) return;
      const dense = devicePixelRatio || 1;
      ink.setTransform(dense, 0, 0, dense, 0, 0);
      const { unit } = power(this.#lab.report);
      const scene = { grid: this.#grid, xy: this.#xy, view: this.#view, state: this.#state, marks: this.#marks() };
      paint(ink, { ...scene, size: this.#size, spacing: this.#spacing, unit }, getComputedStyle(this.#stage));
    });
  }

  /** @returns {Marks} */
  #marks() {
    const { why, selection } = this.#lab;
    const answer = why.answer;
    /** @type {Marks} */
    const marks = { near: this.#near, chosen: selection, asked: why.item, parts: new Map(), moves: [] };
    if (answer === null) return marks;
    for (const { subject, value } of answer.parts)
      if (subject?.kind === 'branch') marks.parts.set(itemOf(subject) ?? '', signed(value, answer.unit));
    for (const { subject, by, unit, way } of whoMoves(answer.tables)) {
      const bus = this.#grid.bus.get(itemOf(subject) ?? '');
      if (bus !== undefined)
        marks.moves.push({ bus, way, text: `${by > 0 ? '▲' : '▼'} ${subject.id} ${signed(by, unit)}` });
    }
    return marks;
  }

  #legend() {
    const lab = this.#lab;
    const ring = h('ul', { 'aria-label': 'Buses' }, key('key-ring', 'generation at the bus'));
    this.#frame.legend.replaceChildren(ring, ...legendOf(lab, this.#scene, new Set(), this.#prices));
    const { why } = lab;
    const { parts, moves } = this.#marks();
    const ways = { more: false, less: false, last: false, unit: power(lab.report).unit };
    for (const { way } of moves) ways[way] = true;
    const marked = marksLegend(parts.size > 0 ? [] : null, ways, why.answer?.unit ?? '');
    this.#frame.marks.replaceChildren(...(why.subject === null && this.#options.asks ? hintOf(lab) : marked));
  }

  #read() {
    const lab = this.#lab;
    const item = this.#near ?? lab.selection;
    this.#frame.reading.textContent = item === null ? networkSentence(lab, lab.cursor) : this.#sentence(item);
  }

  /** @param {string} item */
  #sentence(item) {
    const lab = this.#lab;
    const { kind, id } = subjectOf(item) ?? { kind: '', id: '' };
    const wire = kind === 'branch' ? this.#grid.wires.find((one) => one.item === item) : undefined;
    if (wire !== undefined) return `${wireSentence(lab, wire, lab.cursor)}.`;
    if (kind !== 'bus' || !this.#grid.place.has(id)) return networkSentence(lab, lab.cursor);
    return `${busSentence(lab, id, null, unitsAt(lab, this.#scene, id), lab.cursor)}.`;
  }

  /** @param {{ x: number, y: number }} point */
  #under(point) {
    return this.#xy === null ? null : under(this.#grid, this.#xy, this.#view, point);
  }

  /** @param {string | null} item */
  #point(item) {
    if (item === this.#near) return;
    this.#near = item;
    this.#stage.classList.toggle('is-over-item', item !== null);
    this.#read();
    this.#paint();
  }

  /** Selects what was pressed, and asks why its number is what it is. @param {string | null} item */
  #press(item) {
    const { why } = this.#lab;
    const subject = this.#options.asks && this.#options.changing?.() !== true ? subjectOf(item) : null;
    const asked = subject !== null && why.explains(subject) ? subject : null;
    const on = item !== null && item !== (asked === null ? this.#lab.selection : why.item);
    this.#lab.select(on ? item : null);
    if (asked !== null && on) why.ask(asked, () => this.#stage.focus(), true);
    else why.close();
  }

  /**
   * @param {View} view
   * @param {boolean} isWhole
   */
  #move(view, isWhole) {
    this.#view = view;
    this.#isWhole = isWhole;
    this.#held = null;
    this.#stage.classList.toggle('is-near', !isWhole);
    this.#paint();
  }

  #showWhole() {
    if (this.#xy !== null) this.#move(whole(this.#xy, this.#size), true);
  }

  /**
   * @param {number} by
   * @param {{ x: number, y: number }} [held]
   */
  #zoom(by, held = { x: this.#size.width / 2, y: this.#size.height / 2 }) {
    if (this.#xy === null) return;
    const least = whole(this.#xy, this.#size);
    const view = zoomed(this.#view, by, held, { least, spacing: this.#spacing });
    this.#move(view, view === least);
  }

  /** The bus reached by keys, or chosen; else the first. */
  get #here() {
    const item = [this.#near, this.#lab.selection].find((one) => one?.startsWith('bus:'));
    return this.#grid.place.get(item?.slice(4) ?? '') ?? 0;
  }

  /**
   * @param {string} name
   * @returns {boolean} whether the key was one of the map's
   */
  #key(name) {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[name];
    if (name === '+' || name === '=') this.#zoom(STEP);
    else if (name === '-') this.#zoom(1 / STEP);
    else if (name === '0') this.#showWhole();
    else if (name === 'Enter' || name === ' ') this.#press(`bus:${this.#grid.ids[this.#here]}`);
    else if (name === 'Escape') {
      this.#lab.select(null);
      this.#lab.why.close();
    } else if (way !== undefined && this.#xy !== null) {
      const [dx = 0, dy = 0] = way;
      this.#show(towards(this.#grid, this.#xy, this.#here, dx, dy));
    } else return false;
    return true;
  }

  /** Points at a bus, and brings it into sight. @param {number} bus */
  #show(bus) {
    if (this.#xy === null) return;
    this.#point(`bus:${this.#grid.ids[bus]}`);
    const { x, y } = onScreen(this.#view, this.#xy, bus);
    const { width, height } = this.#size;
    if (x < 20 || y < 20 || x > width - 20 || y > height - 20) this.#centre(bus);
  }

  /**
   * Brings a bus into the middle.
   * @param {number} bus
   * @param {number} [k]
   */
  #centre(bus, k = this.#view.k) {
    if (this.#xy === null) return;
    const at = { x: this.#xy[2 * bus] ?? 0, y: this.#xy[2 * bus + 1] ?? 0 };
    this.#move(centred(k, at, this.#size), false);
    this.#held = bus;
  }

  /**
   * Goes to a bus, a line or a unit.
   * @param {string} name
   * @returns {boolean} whether there is one
   */
  #find(name) {
    const grid = this.#grid;
    const wire = grid.wires.findIndex(({ id }) => id === name);
    const bus = grid.place.get(name) ?? grid.bus.get(`party:${name}`) ?? grid.from[wire];
    if (bus === undefined) return false;
    this.#look(bus);
    const item = grid.place.has(name) || wire === -1 ? `bus:${grid.ids[bus]}` : (grid.wires[wire]?.item ?? null);
    this.#near = item;
    this.#lab.select(item);
    return true;
  }

  /** Goes near to a bus, as soon as it has a place. @param {number} bus */
  #look(bus) {
    this.#wanted = this.#xy === null ? bus : null;
    if (this.#xy !== null) this.#centre(bus, Math.max(this.#view.k, FOUND / this.#spacing));
  }

  async #fillTable() {
    const { details, table: box } = this.#frame;
    if (!details.open) return;
    const { networkTables } = await import('../network/tables.js');
    const tables = networkTables(this.#lab, this.#scene, this.#prices?.unit ?? '');
    box.replaceChildren(...tables.map((table) => createTable(table)));
    if (this.#options.asks) addDoors(this.#lab, box);
    markSelected(box, this.#lab.selection);
  }

  async #download() {
    const { fileName } = await import('../charts/download.js');
    const name = fileName(this.#lab.report.title, 'network');
    this.#canvas.toBlob((blob) => blob !== null && save(`${name}.png`, blob));
  }
}

/**
 * Whether buses and lines are the same, and at the same places.
 * @param {Case} one
 * @param {Case} other
 */
function isSameNet(one, other) {
  const [buses, lines] = [other.buses, other.branches];
  return (
    one.buses.length === buses.length &&
    one.branches.length === lines.length &&
    one.buses.every(({ id, x, y }, k) => id === buses[k]?.id && x === buses[k]?.x && y === buses[k]?.y) &&
    one.branches.every(({ from, to }, k) => from === lines[k]?.from && to === lines[k]?.to)
  );
}
