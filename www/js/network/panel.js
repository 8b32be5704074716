// The network figure: the diagram with its legend, a line that reads exact values, a sentence and a table.

import { createTable } from '../datatable.js';
import { h, markFirstResult, uid } from '../dom.js';
import { icon } from '../icon.js';
import { markSelected } from '../items.js';
import { createMenu } from '../menu.js';
import { plain } from '../number.js';
import { drawDiagram } from './diagram.js';
import { positions } from './layout.js';
import { loading, networkSentence, unitMw, units } from './model.js';
import { priceScale } from './price.js';

/** @import { Lab } from '../lab.js' */
/** @import { Table } from '../types.js' */
/** @import { Diagram, Part } from './diagram.js' */
/** @import { Point } from './layout.js' */
/** @import { PriceScale } from './price.js' */

/**
 * @param {Lab} lab
 * @param {{ bare?: boolean, height?: number }} [options] bare: diagram, legend and reading only
 */
export function createNetwork(lab, options = {}) {
  /** @type {Diagram | null} */
  let diagram = null;
  /** @type {Map<string, Point> | null} */
  let layout = null;
  /** @type {PriceScale | null} */
  let prices = null;
  /** The part under the pointer or in focus. @type {Part | null} */
  let near = null;
  /** The part in the tab order. */
  let entry = '';
  let latest = 0;

  const titleId = uid('network');
  const stage = h('div', { class: 'stage' });
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
        const on = element.classList.toggle('is-wide');
        wide.setAttribute('aria-pressed', String(on));
      },
    },
    icon('wide'),
  );
  const background = () => getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();
  /** @param {'svg' | 'png'} kind */
  async function download(kind) {
    if (diagram === null) return;
    const { fileName, savePng, saveSvg } = await import('../download.js');
    await (kind === 'svg' ? saveSvg : savePng)(diagram.svg, fileName(lab.report.title, 'network'), background());
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
    stage,
    legend,
    reading,
    options.bare ? null : details,
  );

  function size() {
    const width = Math.max(240, Math.floor(stage.clientWidth));
    const few = lab.scenario.case.buses.length <= 9;
    // A straight chain needs no height of its own; a mesh is as tall as it is crowded.
    const flat = layout !== null && new Set([...layout.values()].map(({ y }) => y)).size === 1;
    const wanted = element.classList.contains('is-wide') ? width * 0.5 : width * (few ? 0.52 : 0.72);
    const height = flat ? 200 : Math.round(Math.max(200, Math.min(few ? 300 : 560, wanted)));
    return { width, height: options.height ?? height };
  }

  async function rebuild() {
    latest += 1;
    const turn = latest;
    layout = await positions(lab.scenario.case);
    if (turn !== latest || !element.isConnected) return;
    draw();
  }

  function draw() {
    if (layout === null) return;
    const focused = document.activeElement?.getAttribute('data-item');
    const inside = stage.contains(document.activeElement);
    prices = priceScale(lab.report);
    diagram = drawDiagram(lab, layout, size(), prices);
    stage.replaceChildren(diagram.svg);
    markFirstResult();
    if (!diagram.parts.some(({ item }) => item === entry)) entry = `bus:${lab.scenario.case.buses[0]?.id ?? ''}`;
    near = null;
    enter(inside && focused != null ? focused : entry, inside);
    drawLegend();
    update();
    fillTable();
    markSelected(element, lab.selection);
  }

  /**
   * Puts a part into the tab order, and the focus on it when asked.
   * @param {string} item
   * @param {boolean} focus
   */
  function enter(item, focus) {
    entry = item;
    for (const part of diagram?.parts ?? []) {
      part.element.setAttribute('tabindex', part.item === item ? '0' : '-1');
      if (focus && part.item === item) part.element.focus();
    }
  }

  function update() {
    diagram?.update(lab.cursor);
    read();
  }

  function read() {
    const selected = diagram?.parts.find(({ item }) => item === lab.selection);
    const part = near ?? selected;
    reading.textContent = part === undefined ? networkSentence(lab, lab.cursor) : `${part.sentence(lab.cursor)}.`;
  }

  function drawLegend() {
    const limited = lab.scenario.case.branches.some(({ max_p_mw }) => max_p_mw != null);
    const key = (/** @type {string} */ kind, /** @type {string} */ text) =>
      h('li', {}, h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), text);
    const kinds = new Set(units(lab.scenario.case).map(({ kind }) => kind));
    legend.replaceChildren(
      h(
        'ul',
        { 'aria-label': 'Units' },
        kinds.has('generator') && key('key-generator', 'generator'),
        kinds.has('der') && key('key-der', 'DER'),
        kinds.has('load') && key('key-load', 'load'),
      ),
      prices === null
        ? ''
        : h(
            'ul',
            { class: 'price-key', 'aria-label': `Bus colour: price, ${prices.unit}` },
            ...prices.steps.map(({ name, price }, k, steps) =>
              h('li', { class: `price-${name}` }, k === 0 || k === steps.length - 1 || name === 'middle' ? plain(price, 1) : ' '),
            ),
            h('li', { class: 'price-unit' }, prices.unit),
          ),
      h(
        'ul',
        { 'aria-label': 'Line colour: loading; thickness: MW' },
        ...(limited
          ? [key('key-low', '< 50 %'), key('key-middle', '50–90 %'), key('key-high', '90–100 %'), key('key-over', 'over its limit')]
          : []),
      ),
    );
  }

  function fillTable() {
    if (!details.open) return;
    const system = lab.scenario.case;
    const number = (/** @type {number} */ value) => (Number.isFinite(value) ? value : null);
    /** @type {Table[]} */
    const tables = [
      {
        id: 'network-lines',
        title: `Lines, ${when()}`,
        columns: [
          { name: 'Line', unit: '' },
          { name: 'From', unit: '' },
          { name: 'To', unit: '' },
          { name: 'Flow', unit: 'MW' },
          { name: 'Limit', unit: 'MW' },
          { name: 'Loading', unit: '%' },
        ],
        rows: system.branches.map((branch) => [
          branch.id,
          branch.from,
          branch.to,
          number(lab.at(`flow:${branch.id}`)),
          branch.max_p_mw,
          number(loading(lab, branch, lab.cursor) * 100),
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
        rows: system.buses.map(({ id }) => [
          `bus ${id}`,
          number(lab.at(`lmp:${id}`)),
          units(system)
            .filter(({ bus }) => bus === id)
            .map((unit) => `${unit.id} ${plain(unitMw(lab, unit, lab.cursor))}`)
            .join(', '),
        ]),
      },
    ];
    const items = new Map([
      ...system.branches.map(({ id }) => /** @type {const} */ ([id, `branch:${id}`])),
      ...system.buses.map(({ id }) => /** @type {const} */ ([`bus ${id}`, `bus:${id}`])),
    ]);
    tableBox.replaceChildren(...tables.map((table) => createTable(table, { items })));
    markSelected(tableBox, lab.selection);
  }

  function when() {
    const { clock } = lab.report;
    return clock == null || lab.steps < 2 ? 'result' : `${clock.name} ${lab.cursor + 1}`;
  }

  /** @param {EventTarget | null} target */
  function partOf(target) {
    const item = target instanceof Element ? target.closest('[data-item]')?.getAttribute('data-item') : null;
    return diagram?.parts.find((part) => part.item === item) ?? null;
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
    const part = partOf(event.target);
    lab.select(part === null || part.item === lab.selection ? null : part.item);
  });
  stage.addEventListener('keydown', (event) => {
    const part = partOf(event.target);
    if (part === null || diagram === null) return;
    if (event.key === 'Enter' || event.key === ' ') lab.select(lab.selection === part.item ? null : part.item);
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
    const now = diagram?.svg.viewBox.baseVal;
    if (now === undefined || now.width !== width || now.height !== height) draw();
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
