// The network figure: the diagram with its legend, a line that reads exact values, a sentence and a table.

import { createTable } from '../charts/datatable.js';
import { addDoors } from '../charts/why-doors.js';
import { itemOf, markSelected, subjectOf } from '../session/items.js';
import { sentence } from '../session/problem.js';
import { h, markFirstResult } from '../ui/dom.js';
import { createControls } from './controls.js';
import { drawDiagram } from './diagram.js';
import { frameOf, hintOf } from './frame.js';
import { listenToParts } from './interact.js';
import { positions } from './layout.js';
import { legendOf } from './legend.js';
import { DEEP, arrange } from './place.js';
import { priceScale, voltageScale } from './price.js';
import { levelsOf, sceneOf } from './scene.js';
import { networkSentence } from './sentences.js';
import { grow } from './grow.js';

/** @import { Lab } from '../session/lab.js' */
/** @import { Subject } from '../session/types.js' */
/** @import { Diagram } from './diagram.js' */
/** @import { Point } from './layout.js' */
/** @import { Part } from './parts.js' */
/** @import { Scale } from './price.js' */
/** @import { Scene } from './scene.js' */
/** @import { Tree } from './tree.js' */

/**
 * bare: diagram, legend and reading only; beside: it shares its row with a chart; asks: there is a place for explanations;
 * change: opens what changes the grid, while which (`changing`) a press only selects
 * @typedef {{
 *   bare?: boolean, height?: number, beside?: boolean, asks?: boolean, change?: () => void, changing?: () => boolean
 * }} NetworkOptions
 */

/** Feeders drawn as symbols up to which a narrow figure does. */
const MANY = 6;
/** Buses up to which a system without symbols is drawn lower. */
const FEW = 9;
/** Width up to which a large system is drawn in fewer areas, px. */
const NARROW = 480;

export class NetworkPanel {
  #lab;
  #height;
  #beside;
  #asks;
  #changing;
  #parts;
  #controls;
  /** @type {Scene} */
  #scene;
  /** Where the buses of transmission stand; null until that is known. @type {Map<string, Point> | null} */
  #layout = null;
  /** @type {Map<string, Tree>} */
  #trees = new Map();
  /** @type {Diagram | null} */
  #diagram = null;
  /** @type {Scale | null} */
  #prices = null;
  /** @type {Scale | null} */
  #voltages = null;
  /** The feeder chosen where not all are drawn. */
  #chosen = '';
  /** Whether feeder buses show their voltage instead of their price. */
  #byVoltage = false;
  /** Whether a person decided on the width. */
  #widthChosen = false;
  /** The part under the pointer or in focus. @type {Part | null} */
  #near = null;
  /** The part in the tab order. */
  #entry = '';
  /** Marks what an explanation speaks of; its code comes with the first. @type {typeof import('./marks.js').markExplained | null} */
  #marker = null;
  /** The newest rebuild; older ones come to nothing. */
  #turn = 0;
  /** The size drawn last. */
  #drawn = { width: 0, height: 0 };
  /** What to call when the figure goes. @type {(() => void)[]} */
  #stops;

  /**
   * @param {Lab} lab
   * @param {NetworkOptions} options
   */
  constructor(lab, { bare = false, height, beside = false, asks = false, change, changing = () => false }) {
    this.#lab = lab;
    this.#beside = beside;
    this.#asks = asks;
    this.#changing = changing;
    this.#height = height;
    this.#scene = sceneOf(lab.scenario.case);
    const levels = Math.max(0, ...this.#scene.trees.map(({ feeder }) => levelsOf(feeder)));
    this.#controls = createControls({
      choose: (feeder) => this.#choose(feeder),
      showVoltage: (on) => {
        this.#byVoltage = on;
        this.#draw();
      },
    });
    this.#parts = frameOf(this.#controls.element, bare, {
      widen: () => {
        this.#widthChosen = true;
        this.#widen(!this.#isWide);
      },
      change,
      save: () => void this.#export(),
    });
    const { stage, details } = this.#parts;
    if (levels > DEEP || this.#scene.large) this.#widen(true);
    // On a phone trees stand: about their height is kept free until they are drawn.
    if (matchMedia('(max-width: 700px)').matches && levels > 0) stage.style.minHeight = `${130 + levels * 40}px`;
    listenToParts(stage, {
      parts: () => this.#diagram?.parts ?? [],
      near: (part) => {
        this.#near = part;
        this.#read();
      },
      enter: (part, focus) => this.#enter(part.item, focus),
      press: (part) => this.#press(part),
      leave: () => {
        lab.select(null);
        lab.why.close();
      },
    });
    details.addEventListener('toggle', () => void this.#fillTable());
    this.#stops = this.#watch();
  }

  get element() {
    return this.#parts.element;
  }

  /** The scenario, or what is looked at in its place. */
  get #seen() {
    return this.#lab.seen;
  }

  get #isWide() {
    return this.element.classList.contains('is-wide');
  }

  /** What colours the buses of feeders. */
  get #feederScale() {
    return (this.#byVoltage || this.#prices === null) && this.#voltages !== null ? this.#voltages : this.#prices;
  }

  /** Follows the size and the scenario. @returns {(() => void)[]} */
  #watch() {
    const lab = this.#lab;
    const resize = new ResizeObserver(() => {
      const { width, height } = this.#size();
      if (this.#drawn.width !== width || this.#drawn.height !== height) this.#draw();
    });
    resize.observe(this.#parts.stage);
    void this.#rebuild();
    return [
      lab.on('result', () => void this.#rebuild()),
      lab.on('seen', () => this.#draw()),
      lab.on('cursor', () => {
        this.#update();
        void this.#fillTable();
      }),
      lab.on('selection', () => {
        this.#read();
        markSelected(this.element, lab.selection);
      }),
      lab.on('why', () => void this.#mark()),
      () => resize.disconnect(),
    ];
  }

  destroy() {
    for (const stop of this.#stops) stop();
  }

  /** @param {boolean} on */
  #widen(on) {
    this.element.classList.toggle('is-wide', on);
  }

  #size() {
    const width = Math.max(240, Math.floor(this.#parts.stage.clientWidth));
    const few = this.#lab.scenario.case.buses.length <= FEW && this.#scene.symbols.length === 0;
    // A straight chain needs no height of its own; a mesh is as tall as it is crowded.
    const flat = this.#layout !== null && new Set([...this.#layout.values()].map(({ y }) => y)).size === 1;
    const wanted = this.#isWide ? width * 0.5 : width * (few ? 0.52 : width < 480 ? 1.05 : 0.72);
    const most = few ? 300 : this.#beside && !this.#isWide ? 400 : 560;
    const height = flat ? 200 : Math.round(Math.max(200, Math.min(most, wanted)));
    return { width, height: this.#height ?? height };
  }

  async #rebuild() {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const system = this.#lab.scenario.case;
      const whole = sceneOf(system, this.#chosen);
      // A small system is drawn at once, before anything that waits for the first picture.
      const scene = whole.large
        ? (await import('./areas.js')).inAreas(system, whole, this.#size().width < NARROW)
        : whole;
      const [layout, trees] = await Promise.all([positions(scene.system), grow(scene)]);
      if (turn !== this.#turn || !this.element.isConnected) return;
      this.#scene = scene;
      this.#layout = layout;
      this.#trees = trees;
      if (!this.#widthChosen && needsWidth(scene, trees, this.#beside)) this.#widen(true);
      this.#draw();
    } catch (error) {
      this.#parts.stage.replaceChildren(h('p', { class: 'figure-problem' }, sentence(error)));
    }
  }

  #draw() {
    if (this.#layout === null) return;
    const lab = this.#seen;
    const scene = this.#scene;
    const { stage } = this.#parts;
    const focused = document.activeElement?.getAttribute('data-item');
    const inside = stage.contains(document.activeElement);
    this.#prices = priceScale(lab.report);
    this.#voltages = scene.trees.length > 0 ? voltageScale(lab.report) : null;
    this.#controls.update(scene, this.#voltages !== null && this.#prices !== null, this.#byVoltage);
    this.#drawn = this.#size();
    const placing = arrange(scene, this.#layout, this.#trees, this.#drawn);
    const diagram = drawDiagram(lab, scene, placing, { transmission: this.#prices, feeders: this.#feederScale });
    this.#diagram = diagram;
    stage.replaceChildren(diagram.svg);
    stage.style.minHeight = '';
    markFirstResult();
    if (!diagram.parts.some(({ item }) => item === this.#entry))
      this.#entry = diagram.parts.find(({ bus }) => bus !== undefined)?.item ?? '';
    this.#near = null;
    this.#enter(inside && focused != null ? focused : this.#entry, inside);
    const legend = legendOf(lab, scene, diagram.kinds, this.#feederScale);
    this.#parts.legend.replaceChildren(...legend);
    this.#update();
    void this.#fillTable();
    void this.#mark();
    markSelected(this.element, lab.selection);
  }

  /** Marks what the explanation that is open speaks of. */
  async #mark() {
    const { why } = this.#lab;
    const { marks: box } = this.#parts;
    // Nothing was marked yet, and nothing is to be.
    if (why.answer === null && this.#marker === null) {
      box.replaceChildren(...(this.#asks ? hintOf(this.#lab) : []));
      return;
    }
    this.#marker ??= (await import('./marks.js')).markExplained;
    if (this.#diagram === null) return;
    const marks = this.#marker(this.#diagram, why.item, why.answer);
    box.replaceChildren(...(why.subject === null ? hintOf(this.#lab) : marks));
  }

  /** @param {string} feeder '' for none */
  #choose(feeder) {
    if (feeder === this.#scene.chosen) return;
    this.#chosen = feeder;
    void this.#rebuild();
  }

  /**
   * Puts a part into the tab order, and the focus on it when asked.
   * @param {string} item
   * @param {boolean} focus
   */
  #enter(item, focus) {
    this.#entry = item;
    const parts = this.#diagram?.parts ?? [];
    // A feeder's symbol and its interface are one item; the symbol, which can be pressed, goes first.
    const entered = parts.findLast((part) => part.item === item);
    for (const part of parts) part.element.setAttribute('tabindex', part === entered ? '0' : '-1');
    if (focus) entered?.element.focus();
  }

  /** Selects a part, and asks why its number is what it is; the symbol of a feeder shows and hides its one-line, too. @param {Part | null} part */
  #press(part) {
    const { why } = this.#lab;
    const subjects = this.#asks && part !== null && !this.#changing() ? [subjectOf(part.item), partyOf(part)] : [];
    const asked = subjects.find((subject) => why.explains(subject)) ?? null;
    const on = asked === null ? part !== null && part.item !== this.#lab.selection : itemOf(asked) !== why.item;
    this.#lab.select(on ? (part?.item ?? null) : null);
    if (asked !== null && on) why.ask(asked, () => this.#enter(itemOf(asked) ?? '', true), true);
    else if (asked !== null) why.close();
    if (part?.feeder !== undefined) this.#choose(on ? part.feeder : '');
  }

  #update() {
    this.#diagram?.update(this.#lab.cursor);
    this.#read();
  }

  #read() {
    const lab = this.#seen;
    const part = this.#near ?? this.#diagram?.parts.findLast(({ item }) => item === lab.selection);
    this.#parts.reading.textContent =
      part === undefined ? networkSentence(lab, lab.cursor) : `${part.sentence(lab.cursor)}.`;
  }

  async #fillTable() {
    const { details, table: box } = this.#parts;
    if (!details.open) return;
    const { networkTables } = await import('./tables.js');
    const tables = networkTables(this.#seen, this.#scene, this.#prices?.unit ?? '');
    box.replaceChildren(...tables.map((table) => createTable(table)));
    if (this.#asks) addDoors(this.#lab, box);
    markSelected(box, this.#lab.selection);
  }

  /** Offers the network, as it is seen, as a file. */
  async #export() {
    if (this.#layout === null) return;
    const { exportNetwork } = await import('./export.js');
    const scales = { transmission: this.#prices, feeders: this.#feederScale };
    exportNetwork({ ...{ lab: this.#seen, scene: this.#scene, layout: this.#layout, trees: this.#trees }, scales });
  }
}

/** The player that a feeder is. @param {Part} part @returns {Subject | null} */
function partyOf({ feeder }) {
  return feeder === undefined ? null : { kind: 'party', id: feeder };
}

/**
 * A deep feeder lies along a wide figure, many symbols need its room, and so do a mesh and trees together.
 * @param {Scene} scene
 * @param {Map<string, Tree>} trees
 * @param {boolean} beside a chart shares the row: only a deep feeder takes it all
 */
function needsWidth(scene, trees, beside) {
  const mixed = scene.trees.length + scene.symbols.length > 0 && scene.buses.length > 2;
  const crowded = !beside && (mixed || scene.symbols.length > MANY);
  return scene.large || crowded || [...trees.values()].some(({ levels }) => levels > DEEP);
}
