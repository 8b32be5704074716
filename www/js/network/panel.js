// The network figure: the diagram with its legend, a line that reads exact values, a sentence and a table.

import { createTable } from '../charts/datatable.js';
import { h, markFirstResult, uid } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { markSelected } from '../session/items.js';
import { createMenu } from '../ui/menu.js';
import { fixed, plain } from '../ui/number.js';
import { sentence } from '../session/problem.js';
import { drawDiagram } from './diagram.js';
import { positions } from './layout.js';
import { gathered, loading, networkSentence, unitMw, unitsByBus } from './model.js';
import { DEEP, arrange } from './place.js';
import { priceScale, voltageScale } from './price.js';
import { sceneOf } from './scene.js';

/** @import { Lab } from '../session/lab.js' */
/** @import { FeederBus, Table } from '../session/types.js' */
/** @import { Diagram } from './diagram.js' */
/** @import { Point } from './layout.js' */
/** @import { UnitKind } from './model.js' */
/** @import { Part } from './parts.js' */
/** @import { Scale } from './price.js' */
/** @import { Scene } from './scene.js' */
/** @import { Tree } from './tree.js' */

/** Feeders drawn as symbols up to which a narrow figure does. */
const MANY = 6;

/**
 * @param {Lab} lab
 * @param {{ bare?: boolean, height?: number }} [options] bare: diagram, legend and reading only
 */
export function createNetwork(lab, options = {}) {
  /** @type {Diagram | null} */
  let diagram = null;
  /** @type {Map<string, Point> | null} */
  let layout = null;
  /** @type {Map<string, Tree>} */
  let trees = new Map();
  /** @type {Scene} */
  let scene = sceneOf(lab.scenario.case);
  /** The feeder chosen where not all are drawn. */
  let chosen = '';
  /** Whether feeder buses show their voltage instead of their price. */
  let byVoltage = false;
  /** @type {Scale | null} */
  let prices = null;
  /** @type {Scale | null} */
  let voltages = null;
  /** The part under the pointer or in focus. @type {Part | null} */
  let near = null;
  /** The part in the tab order. */
  let entry = '';
  let latest = 0;
  let widthChosen = false;
  /** The size asked for last. */
  let drawn = { width: 0, height: 0 };

  const titleId = uid('network');
  const stage = h('div', { class: 'stage' });
  const feederId = uid('feeder');
  const feederSelect = h('select', { id: feederId, onchange: () => choose(feederSelect.value) });
  const feederChoice = h('div', { class: 'row' }, h('label', { for: feederId }, 'Feeder'), feederSelect);
  const voltageToggle = h(
    'button',
    { type: 'button', class: 'voltage-toggle', 'aria-pressed': 'false', onclick: () => showVoltage(!byVoltage) },
    'Voltage',
  );
  const sceneNote = h('p', { class: 'help' });
  const controls = h('div', { class: 'network-controls', hidden: true }, feederChoice, voltageToggle, sceneNote);
  const legend = h('div', { class: 'network-legend' });
  const reading = h('p', { class: 'reading network-reading' });
  const tableBox = h('div', { class: 'figure-table' });
  const details = h('details', { class: 'data' }, h('summary', {}, 'Table'), tableBox);
  const wide = h(
    'button',
    {
      type: 'button',
      class: 'icon-button wide-toggle',
      'aria-pressed': 'false',
      'aria-label': 'Wide diagram',
      title: 'Wide diagram',
      onclick: () => {
        widthChosen = true;
        widen(!element.classList.contains('is-wide'));
      },
    },
    icon('wide'),
  );
  /** @param {boolean} on */
  function widen(on) {
    element.classList.toggle('is-wide', on);
    wide.setAttribute('aria-pressed', String(on));
  }

  /** @param {'svg' | 'png'} kind */
  async function download(kind) {
    if (diagram === null) return;
    const { fileName, savePng, saveSvg } = await import('../charts/download.js');
    await (kind === 'svg' ? saveSvg : savePng)(diagram.svg, fileName(lab.report.title, 'network'));
  }

  const tools = h(
    'div',
    { class: 'figure-tools' },
    wide,
    createMenu('Download', 'save', [
      { label: 'SVG drawing', act: () => void download('svg') },
      { label: 'PNG picture', act: () => void download('png') },
    ]),
  );
  const element = h(
    'figure',
    { class: 'figure network', 'aria-labelledby': titleId },
    h('figcaption', {}, h('h2', { id: titleId, class: 'figure-title' }, 'Network'), options.bare ? null : tools),
    controls,
    stage,
    legend,
    reading,
    options.bare ? null : details,
  );

  function size() {
    const width = Math.max(240, Math.floor(stage.clientWidth));
    const few = lab.scenario.case.buses.length <= 9 && scene.symbols.length === 0;
    // A straight chain needs no height of its own; a mesh is as tall as it is crowded.
    const flat = layout !== null && new Set([...layout.values()].map(({ y }) => y)).size === 1;
    const wanted = element.classList.contains('is-wide')
      ? width * 0.5
      : width * (few ? 0.52 : width < 480 ? 1.05 : 0.72);
    const height = flat ? 200 : Math.round(Math.max(200, Math.min(few ? 300 : 560, wanted)));
    return { width, height: options.height ?? height };
  }

  async function rebuild() {
    latest += 1;
    const turn = latest;
    try {
      const system = lab.scenario.case;
      const next = sceneOf(system, chosen);
      const [nextLayout, nextTrees] = await Promise.all([positions(system), grow(next)]);
      if (turn !== latest || !element.isConnected) return;
      [scene, layout, trees] = [next, nextLayout, nextTrees];
      // A deep feeder lies along a wide figure, many symbols need its room, and so do a mesh and trees together,
      // unless a person decided otherwise.
      const mixed = scene.trees.length + scene.symbols.length > 0 && scene.buses.length > 2;
      if (
        !widthChosen &&
        (mixed || scene.symbols.length > MANY || [...trees.values()].some(({ levels }) => levels > DEEP))
      )
        widen(true);
      draw();
    } catch (error) {
      stage.replaceChildren(h('p', { class: 'figure-problem' }, sentence(error)));
    }
  }

  /**
   * The trees of the feeders in sight; a case without feeders never asks for what lays them out.
   * @param {Scene} next
   * @returns {Promise<Map<string, Tree>>}
   */
  async function grow(next) {
    if (next.trees.length === 0) return new Map();
    const { treeOf } = await import('./tree.js');
    return new Map(next.trees.map(({ feeder }) => [feeder.id, treeOf(feeder)]));
  }

  /** @param {string} feeder '' for none */
  function choose(feeder) {
    if (feeder === scene.chosen) return;
    chosen = feeder;
    void rebuild();
  }

  /** @param {boolean} on */
  function showVoltage(on) {
    byVoltage = on;
    draw();
  }

  function draw() {
    if (layout === null) return;
    const focused = document.activeElement?.getAttribute('data-item');
    const inside = stage.contains(document.activeElement);
    prices = priceScale(lab.report);
    voltages = voltageScale(lab.report, feederBuses());
    drawControls();
    drawn = size();
    const placing = arrange(lab.scenario.case, scene, layout, trees, drawn);
    diagram = drawDiagram(lab, scene, placing, {
      transmission: prices,
      feeders: byVoltage && voltages !== null ? voltages : prices,
    });
    stage.replaceChildren(diagram.svg);
    markFirstResult();
    if (!diagram.parts.some(({ item }) => item === entry))
      entry = diagram.parts.find(({ item }) => item.startsWith('bus:'))?.item ?? '';
    near = null;
    enter(inside && focused != null ? focused : entry, inside);
    drawLegend();
    update();
    fillTable();
    markSelected(element, lab.selection);
  }

  /** @returns {FeederBus[]} */
  function feederBuses() {
    return scene.trees.flatMap(({ feeder }) => feeder.buses);
  }

  function drawControls() {
    const { choices, note } = scene;
    controls.hidden = choices.length === 0 && voltages === null;
    feederChoice.hidden = choices.length === 0;
    const ids = [...(note === '' ? [''] : []), ...choices.map(({ feeder }) => feeder.id)];
    if (ids.join('\n') !== [...feederSelect.options].map(({ value }) => value).join('\n')) {
      feederSelect.replaceChildren(...ids.map((id) => h('option', { value: id }, id === '' ? 'none' : id)));
    }
    feederSelect.value = scene.chosen;
    voltageToggle.hidden = voltages === null;
    voltageToggle.setAttribute('aria-pressed', String(byVoltage));
    sceneNote.textContent = note;
    sceneNote.hidden = note === '';
  }

  /**
   * Puts a part into the tab order, and the focus on it when asked.
   * @param {string} item
   * @param {boolean} focus
   */
  function enter(item, focus) {
    entry = item;
    // A feeder's symbol and its interface are one item; the symbol, which can be pressed, goes first.
    const entered = diagram?.parts.findLast((part) => part.item === item);
    for (const part of diagram?.parts ?? []) part.element.setAttribute('tabindex', part === entered ? '0' : '-1');
    if (focus) entered?.element.focus();
  }

  function update() {
    diagram?.update(lab.cursor);
    read();
  }

  function read() {
    const selected = diagram?.parts.findLast(({ item }) => item === lab.selection);
    const part = near ?? selected;
    reading.textContent = part === undefined ? networkSentence(lab, lab.cursor) : `${part.sentence(lab.cursor)}.`;
  }

  function drawLegend() {
    const wires = [...scene.branches, ...scene.lines, ...scene.interfaces];
    const limited = wires.some(({ limit }) => limit !== '');
    const key = (/** @type {string} */ kind, /** @type {string} */ text) =>
      h('li', {}, h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), text);
    const seen = [...scene.buses, ...feederBuses().map(({ id }) => id)];
    const all = unitsByBus(lab.scenario.case);
    const kinds = new Set(seen.flatMap((bus) => (all.get(bus) ?? []).map(({ kind }) => kind)));
    /** @type {[UnitKind, string][]} */
    const names = [
      ['generator', 'generator'],
      ['der', 'DER'],
      ['bid', 'bid, up or down'],
      ['imbalance', 'surplus ▲ shortage ▼'],
      ['load', 'load'],
    ];
    const coloured = byVoltage && voltages !== null ? voltages : prices;
    const alarms = voltages !== null;
    legend.replaceChildren(
      h(
        'ul',
        { 'aria-label': 'Units' },
        ...names.map(([kind, name]) => kinds.has(kind) && key(`key-${kind}`, name)),
        scene.symbols.length > 0 && key('key-feeder', 'feeder, MW exported'),
      ),
      coloured === null ? '' : scaleKey(coloured),
      h(
        'ul',
        {
          'aria-label': `Line colour: loading; thickness: MW${scene.trees.length > 0 && scene.branches.length > 0 ? ', feeders on a scale of their own' : ''}`,
        },
        ...(limited
          ? [
              key('key-low', '< 50 %'),
              key('key-middle', '50–90 %'),
              key('key-high', '90–100 %'),
              key('key-over', 'over its limit'),
            ]
          : []),
        alarms && key('key-alarm', 'voltage ▼ under ▲ over its limits'),
      ),
    );
  }

  /** @param {Scale} scale */
  function scaleKey({ of, unit, steps }) {
    const text = (/** @type {number} */ k) => {
      const { name, value } = steps[k] ?? { name: '', value: NaN };
      if (k !== 0 && k !== steps.length - 1 && name !== 'price-middle') return ' ';
      return of === 'price' ? plain(value, 1) : fixed(value, 3);
    };
    return h(
      'ul',
      { class: 'price-key', 'aria-label': `Bus colour: ${of}, ${unit}` },
      ...steps.map(({ name }, k) => h('li', { class: name }, text(k))),
      h('li', { class: 'price-unit' }, unit),
    );
  }

  function fillTable() {
    if (!details.open) return;
    const number = (/** @type {number} */ value) => (Number.isFinite(value) ? value : null);
    const all = unitsByBus(lab.scenario.case);
    const connected = (/** @type {string} */ id) =>
      gathered(all.get(id) ?? [])
        .map((unit) => `${unit.id} ${plain(unitMw(lab, unit, lab.cursor))}`)
        .join(', ');
    const line = ['Line', 'From', 'To'].map((name) => ({ name, unit: '' }));
    /** @type {Table[]} */
    const tables = [
      {
        id: 'network-lines',
        title: `Lines, ${when()}`,
        columns: [...line, { name: 'Flow', unit: 'MW' }, { name: 'Limit', unit: 'MW' }, { name: 'Loading', unit: '%' }],
        rows: scene.branches.map((wire) => [
          wire.id,
          wire.from,
          wire.to,
          number(lab.at(wire.flow)),
          number(wire.most),
          number(loading(lab, wire, lab.cursor) * 100),
        ]),
      },
      {
        id: 'network-buses',
        title: `Buses, ${when()}`,
        columns: [
          { name: 'Bus', unit: '' },
          { name: 'Price', unit: prices?.unit ?? '' },
          { name: 'Connected', unit: 'MW' },
        ],
        rows: scene.buses.map((id) => [`bus ${id}`, number(lab.at(`lmp:${id}`)), connected(id)]),
      },
      {
        id: 'network-feeder-lines',
        title: `Feeder lines and interfaces, ${when()}`,
        columns: [...line, { name: 'Flow', unit: 'MW' }, { name: 'Limit', unit: '' }, { name: 'Loading', unit: '%' }],
        rows: [...scene.interfaces, ...scene.lines].map((wire) => [
          wire.kind === 'interface' ? `interface ${wire.id}` : wire.id,
          wire.from,
          wire.to,
          number(lab.at(wire.flow)),
          wire.limit,
          number(loading(lab, wire, lab.cursor) * 100),
        ]),
      },
      {
        id: 'network-feeder-buses',
        title: `Feeder buses, ${when()}`,
        columns: [
          { name: 'Bus', unit: '' },
          { name: 'Price', unit: prices?.unit ?? '' },
          { name: 'Voltage', unit: 'p.u.' },
          { name: 'Lower limit', unit: 'p.u.' },
          { name: 'Upper limit', unit: 'p.u.' },
          { name: 'Connected', unit: 'MW' },
        ],
        rows: feederBuses().map(({ id, min_v_pu = 0.9, max_v_pu = 1.1 }) => [
          `bus ${id}`,
          number(lab.at(`lmp:${id}`)),
          number(lab.at(`v:${id}`)),
          min_v_pu,
          max_v_pu,
          connected(id),
        ]),
      },
    ];
    const items = new Map([
      ...[...scene.branches, ...scene.lines].map(({ id, item }) => /** @type {const} */ ([id, item])),
      ...scene.interfaces.map(({ id, item }) => /** @type {const} */ ([`interface ${id}`, item])),
      ...[...scene.buses, ...feederBuses().map(({ id }) => id)].map(
        (id) => /** @type {const} */ ([`bus ${id}`, `bus:${id}`]),
      ),
    ]);
    tableBox.replaceChildren(
      ...tables.filter(({ rows }) => rows.length > 0).map((table) => createTable(table, { items })),
    );
    markSelected(tableBox, lab.selection);
  }

  function when() {
    const { clock } = lab.report;
    return clock == null || lab.steps < 2 ? 'result' : `${clock.name} ${lab.cursor + 1}`;
  }

  /** Selects a part; the symbol of a feeder shows and hides its one-line, too. @param {Part | null} part */
  function press(part) {
    const on = part !== null && part.item !== lab.selection;
    lab.select(on ? part.item : null);
    if (part?.feeder !== undefined) choose(on ? part.feeder : '');
  }

  /** @param {EventTarget | null} target */
  function partOf(target) {
    const hit = target instanceof Element ? target.closest('[data-item]') : null;
    const item = hit?.getAttribute('data-item');
    return (
      diagram?.parts.find((part) => part.element === hit) ??
      diagram?.parts.findLast((part) => part.item === item) ??
      null
    );
  }

  stage.addEventListener('pointerover', (event) => {
    near = partOf(event.target);
    read();
  });
  stage.addEventListener('pointerleave', () => {
    near = null;
    read();
  });
  stage.addEventListener('focusin', (event) => {
    near = partOf(event.target);
    if (near !== null) enter(near.item, false);
    read();
  });
  stage.addEventListener('focusout', () => {
    near = null;
    read();
  });
  stage.addEventListener('click', (event) => {
    press(partOf(event.target));
  });
  stage.addEventListener('keydown', (event) => {
    const part = partOf(event.target);
    if (part === null || diagram === null) return;
    if (event.key === 'Enter' || event.key === ' ') press(part);
    else if (event.key === 'Escape') lab.select(null);
    else {
      const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
      if (way === undefined) return;
      const next = towards(diagram.parts, part, way[0] ?? 0, way[1] ?? 0);
      if (next !== null) enter(next.item, true);
    }
    event.preventDefault();
  });
  details.addEventListener('toggle', fillTable);

  const resize = new ResizeObserver(() => {
    const { width, height } = size();
    if (drawn.width !== width || drawn.height !== height) draw();
  });
  resize.observe(stage);
  void rebuild();
  const stops = [
    lab.on('result', () => void rebuild()),
    lab.on('cursor', () => {
      update();
      fillTable();
    }),
    lab.on('selection', () => {
      read();
      markSelected(element, lab.selection);
    }),
  ];
  return {
    element,
    destroy() {
      stops.forEach((stop) => stop());
      resize.disconnect();
    },
  };
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
    const cost = ahead + 2.5 * aside;
    if (cost < least) {
      least = cost;
      best = part;
    }
  }
  return best;
}
