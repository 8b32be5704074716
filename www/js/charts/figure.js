// One chart: the module's drawing, an overlay for the time cursor and the selection, a legend that reads values,
// zoom, downloads, a sentence and a table.

import { append, drawing as parse, h, markFirstResult, s, uid } from '../ui/dom.js';
import { createTable, markStep } from './datatable.js';
import { icon } from '../ui/icon.js';
import { itemOfSeries, markSelected } from '../session/items.js';
import { createMenu } from '../ui/menu.js';
import { unitText } from '../ui/number.js';
import { createProbe } from './probe.js';
import { sentence as words } from '../session/problem.js';
import { abscissa, fromX, reader, short, toX, toY } from './readout.js';
import { isDark } from '../ui/theme.js';
import { createZoom } from './zoom.js';

/** @import { Chart, ChartRequest, Drawing, LegendItem } from '../session/types.js' */
/** @import { Board, Canvas } from '../session/board.js' */
/** @import { Reader } from './readout.js' */
/** @import { Window } from './zoom.js' */
/** @import { IconName } from '../ui/icon.js' */

/** Legend entries shown before "more". */
const LEGEND_ROOM = 8;
/** How near a press must come to a line to select it, px. */
const NEAR = 14;

/**
 * A picture of the plane: both axes are quantities.
 * @param {Chart | undefined} chart
 */
function isPlane(chart) {
  return (
    chart !== undefined &&
    (chart.probe != null ||
      chart.marks.some(({ mark }) => ['surface', 'edges', 'outline', 'triangulation'].includes(mark)))
  );
}

/**
 * @param {Chart} chart
 * @param {number} width px
 */
function heightOf(chart, width) {
  if (chart.square) return Math.min(width, 340);
  if (isPlane(chart)) return Math.round(Math.max(330, Math.min(460, width * 0.62)));
  return Math.round(Math.max(190, Math.min(300, width * 0.52)));
}

/**
 * @param {Board} board
 * @param {string} id
 * @param {{ bare?: boolean, height?: number, items?: () => Map<string, string> }} [options]
 *   bare: only picture and legend, for embedded views; items: what names in tables stand for
 */
export function createFigure(board, id, options = {}) {
  /** @type {Window} */
  let range = { x: null, y: null };
  /** @type {string[] | null} */
  let shown = null;
  /** @type {Drawing | null} */
  let drawn = null;
  /** @type {Reader | null} */
  let read = null;
  let hovered = -1;
  let place = 0;
  let wholeLegend = false;
  let tableIsStale = true;

  const titleId = uid('figure');
  const title = h('h2', { id: titleId, class: 'figure-title' });
  const picture = h('div', { class: 'picture' });
  const overlay = s('svg', { class: 'overlay', 'aria-hidden': 'true' });
  const plot = h(
    'div',
    {
      class: 'plot',
      tabindex: 0,
      role: 'slider',
      'aria-labelledby': titleId,
      'aria-valuemin': 1,
      'aria-valuemax': 1,
      'aria-valuenow': 1,
    },
    picture,
    overlay,
  );
  const legend = h('ul', { class: 'legend', 'aria-label': 'Series; press to show or hide' });
  const key = h('ol', { class: 'edge-key', 'aria-label': 'What the numbers in the picture stand for', hidden: true });
  const reading = h('p', { class: 'reading' });
  const summary = h('p', { class: 'summary' });
  const problem = h('p', { class: 'figure-problem', hidden: true });
  const tableBox = h('div', { class: 'figure-table' });
  const details = h('details', { class: 'data' }, h('summary', {}, 'Table'), tableBox);

  const zoom = createZoom({
    frame: () => drawn?.frame ?? null,
    both: () => isPlane(chart()) || (hasCurves() && read?.clock !== true),
    get: () => range,
    set: (next) => {
      range = next;
      board.redraw(canvas);
    },
  });

  /**
   * @param {string} label
   * @param {IconName} name
   * @param {() => void} act
   */
  const tool = (label, name, act) =>
    h('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: act }, icon(name));
  const background = () => getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();
  const svg = () => picture.querySelector('svg');
  const tools = h(
    'div',
    { class: 'figure-tools' },
    tool('Zoom out', 'minus', () => zoom.by(1.6, probe?.about())),
    tool('Zoom in', 'plus', () => zoom.by(1 / 1.6, probe?.about())),
    tool('Fit', 'fit', () => zoom.fit()),
    createMenu('Download', 'save', [
      { label: 'SVG drawing', act: () => void download('svg') },
      { label: 'PNG picture', act: () => void download('png') },
      { label: 'CSV numbers', act: () => void download('csv') },
    ]),
  );
  /** Only for a plane whose points can be asked about. @type {ReturnType<typeof createProbe> | null} */
  let probe = null;
  const element = h(
    'figure',
    { class: 'figure', 'data-chart': id },
    h('figcaption', {}, title, options.bare ? null : tools),
    problem,
    plot,
    key,
    legend,
    reading,
    options.bare ? null : summary,
    options.bare ? null : details,
  );

  const values = (/** @type {string} */ id) => board.series(id)?.values;

  /** @returns {Chart | undefined} */
  function chart() {
    return board.report.charts.find((candidate) => candidate.id === id);
  }

  /** Any point can be asked about. */
  function probed() {
    return chart()?.probe != null;
  }

  function hasCurves() {
    return chart()?.marks.some((mark) => mark.mark === 'line' || mark.mark === 'walk') ?? false;
  }

  /** @type {Canvas} */
  const canvas = {
    id,
    visible: false,
    request() {
      const width = Math.floor(plot.clientWidth);
      const now = chart();
      if (width < 40 || now === undefined) return null;
      const height = options.height ?? heightOf(now, width);
      /** @type {ChartRequest} */
      const request = {
        id,
        view: {
          width,
          height,
          dark: isDark(),
          x: range.x,
          y: range.y,
          shown,
          cursor: board.steps > 0 ? board.cursor : null,
        },
      };
      return request;
    },
    accept(answer) {
      if (answer.drawing === undefined) {
        problem.textContent = `This chart could not be drawn: ${answer.problem ?? ''}`;
        problem.hidden = false;
        return;
      }
      problem.hidden = true;
      drawn = answer.drawing;
      const svg = parse(drawn.svg);
      svg.setAttribute('aria-hidden', 'true');
      svg.setAttribute('focusable', 'false');
      svg.dataset['dark'] = String(isDark());
      picture.replaceChildren(svg);
      const box = svg.viewBox.baseVal;
      overlay.setAttribute('viewBox', `0 0 ${box.width} ${box.height}`);
      key.hidden = drawn.key.length === 0;
      key.replaceChildren(...drawn.key.map((name) => h('li', {}, name)));
      drawLegend(drawn.legend);
      drawOverlay();
      probe?.drawn();
      markFirstResult();
    },
  };

  /** @param {'svg' | 'png' | 'csv'} kind */
  async function download(kind) {
    try {
      const { fileName, saveCsv, savePng, saveSvg } = await import('./download.js');
      const name = fileName(board.report.title, chart()?.title ?? id);
      const picture = svg();
      if (kind === 'csv') saveCsv(await board.csv(id), name);
      else if (picture !== null) await (kind === 'svg' ? saveSvg : savePng)(picture, name, background());
    } catch (error) {
      problem.textContent = words(error);
      problem.hidden = false;
    }
  }

  async function fillTable() {
    if (!details.open || !tableIsStale) return;
    tableIsStale = false;
    try {
      const table = await board.table(id);
      tableBox.replaceChildren(createTable(table, { items: options.items?.(), caption: false, series: values }));
      markStep(tableBox, board.cursor, values);
      markSelected(tableBox, board.selection);
    } catch (error) {
      tableBox.textContent = words(error);
    }
  }

  /** The step, bar or point being read. */
  function index() {
    if (hovered >= 0) return hovered;
    return read?.clock ? board.cursor : place;
  }

  /** @param {LegendItem[]} items */
  function drawLegend(items) {
    const reads = hasCurves();
    const room = wholeLegend ? items.length : LEGEND_ROOM;
    const keep = legend.children.length === Math.min(items.length, room) + (items.length > room ? 1 : 0);
    if (
      keep &&
      items.every((item, at) => at >= room || legend.children[at]?.getAttribute('data-series') === item.series)
    ) {
      for (const [at, item] of items.slice(0, room).entries()) {
        legend.children[at]?.querySelector('button')?.setAttribute('aria-pressed', String(item.shown));
      }
    } else {
      legend.replaceChildren(
        ...items.slice(0, room).map((item) => {
          const swatch = parse(item.swatch);
          swatch.setAttribute('class', 'swatch');
          swatch.setAttribute('aria-hidden', 'true');
          return h(
            'li',
            { 'data-series': item.series, 'data-item': itemOfSeries(item.series) },
            h(
              'button',
              { type: 'button', 'aria-pressed': String(item.shown), onclick: () => toggle(item.series) },
              swatch,
              h('span', { class: 'series-name' }, item.name),
              reads ? h('span', { class: 'series-value' }) : null,
            ),
          );
        }),
      );
      if (items.length > room) {
        const more = h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            onclick: () => {
              wholeLegend = true;
              drawLegend(drawn?.legend ?? items);
              drawOverlay();
            },
          },
          `${items.length - room} more`,
        );
        legend.append(h('li', {}, more));
      }
    }
    legend.hidden = items.length < 2 && !reads;
    markSelected(legend, board.selection);
  }

  /** @param {string} series */
  function toggle(series) {
    const items = drawn?.legend ?? [];
    shown = items.filter((item) => (item.series === series ? !item.shown : item.shown)).map((item) => item.series);
    board.redraw(canvas);
  }

  function visibleSeries() {
    return (drawn?.legend ?? []).filter((item) => item.shown).map((item) => item.series);
  }

  function drawOverlay() {
    const now = chart();
    reading.hidden = probed();
    if (drawn === null || now === undefined || read === null || probed()) {
      overlay.replaceChildren();
      reading.textContent = '';
      return;
    }
    const { frame } = drawn;
    const at = index();
    const inside = (/** @type {number} */ x) => x >= frame.left - 0.5 && x <= frame.right + 0.5;
    overlay.replaceChildren();
    for (const series of visibleSeries()) {
      if (board.selection === null || itemOfSeries(series) !== board.selection) continue;
      const data = board.series(series);
      if (data === undefined || now.marks.some((mark) => mark.mark === 'bars')) continue;
      const points = Array.from(data.values, (y, k) => [toX(frame, abscissa(data, k)), toY(frame, y)]).filter(
        ([x, y]) => Number.isFinite(x) && Number.isFinite(y) && inside(x ?? NaN),
      );
      append(overlay, s('polyline', { class: 'picked', points: points.map((point) => point.join(',')).join(' ') }));
    }
    const spot = read.place(at);
    const x = toX(frame, spot.x);
    const byBars = now.marks.find((mark) => mark.mark === 'bars');
    if (inside(x)) {
      if (read.clock) {
        append(overlay, s('line', { class: 'cursor', x1: x, x2: x, y1: frame.top, y2: frame.bottom }));
        for (const series of visibleSeries()) {
          const y = toY(frame, read.value(series, at));
          if (!Number.isFinite(y) || y < frame.top - 1 || y > frame.bottom + 1) continue;
          const colour = drawn.legend.find((item) => item.series === series)?.colour ?? 'currentColor';
          append(overlay, s('circle', { class: 'dot', cx: x, cy: y, r: 3.5, fill: colour }));
        }
      } else if (byBars === undefined && spot.y !== null && (hovered >= 0 || document.activeElement === plot)) {
        append(overlay, s('circle', { class: 'ring', cx: x, cy: toY(frame, spot.y), r: 6 }));
      } else if (byBars !== undefined && (hovered >= 0 || document.activeElement === plot)) {
        append(overlay, s('path', { class: 'ring', d: `M${x} ${frame.bottom + 2}l-4 6h8Z` }));
      }
    }
    for (const li of legend.children) {
      const value = li.querySelector('.series-value');
      const series = li.getAttribute('data-series');
      if (value !== null && series !== null && read.clock) value.textContent = short(read.value(series, at));
    }
    const text = read.sentence(at, visibleSeries());
    const active = hovered >= 0 || document.activeElement === plot;
    reading.textContent = read.clock ? (hovered >= 0 ? read.title(at) : '') : active ? text : '';
    plot.setAttribute('aria-valuemin', '1');
    plot.setAttribute('aria-valuemax', String(Math.max(1, read.count)));
    plot.setAttribute('aria-valuenow', String(at + 1));
    plot.setAttribute('aria-valuetext', text);
  }

  /**
   * The step, bar or point nearest to the pointer; −1 outside.
   * @param {MouseEvent} event
   */
  function under(event) {
    if (drawn === null || read === null || probed()) return -1;
    const { frame } = drawn;
    const box = plot.getBoundingClientRect();
    const px = event.clientX - box.left;
    const py = event.clientY - box.top;
    if (px < frame.left - 8 || px > frame.right + 8) return -1;
    const x = fromX(frame, px);
    let best = -1;
    let least = Infinity;
    for (let k = 0; k < read.count; k += 1) {
      const spot = read.place(k);
      const far =
        read.clock || spot.y === null || chart()?.marks.some((mark) => mark.mark === 'bars')
          ? Math.abs(spot.x - x)
          : Math.hypot(toX(frame, spot.x) - px, toY(frame, spot.y) - py);
      if (far < least) {
        least = far;
        best = k;
      }
    }
    return best;
  }

  plot.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return;
    const next = under(event);
    if (next !== hovered) {
      hovered = next;
      drawOverlay();
    }
  });
  plot.addEventListener('pointerleave', () => {
    hovered = -1;
    drawOverlay();
  });
  plot.addEventListener('focus', drawOverlay);
  plot.addEventListener('blur', drawOverlay);
  plot.addEventListener('click', (event) => {
    const at = under(event);
    if (at < 0 || read === null || drawn === null) return;
    const now = chart();
    const bars = now?.marks.find((mark) => mark.mark === 'bars');
    if (bars !== undefined) {
      const item = itemOfSeries(bars.series[at] ?? '');
      board.select(board.selection === item ? null : item);
    } else if (read.clock) {
      const py = event.clientY - plot.getBoundingClientRect().top;
      const { frame } = drawn;
      const near = visibleSeries()
        .map((series) => ({ series, far: Math.abs(toY(frame, read?.value(series, at) ?? NaN) - py) }))
        .filter(({ far }) => far <= NEAR)
        .sort((a, b) => a.far - b.far)[0];
      if (near !== undefined) board.select(itemOfSeries(near.series));
      board.setPlaying(false);
      board.moveTo(at);
    }
    place = at;
  });
  plot.addEventListener('keydown', (event) => {
    if (read === null && !probed()) return;
    const move = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    const last = (read?.count ?? 1) - 1;
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? last : move === undefined ? null : index() + move;
    if (event.key === '+' || event.key === '=') zoom.by(1 / 1.6, probe?.about());
    else if (event.key === '-') zoom.by(1.6, probe?.about());
    else if (event.key === '0') zoom.fit();
    else if (event.shiftKey && move !== undefined) zoom.pan(0.2 * Math.sign(move));
    else if (to === null || probed()) return;
    else {
      hovered = -1;
      place = Math.max(0, Math.min(last, to));
      if (read?.clock) {
        board.setPlaying(false);
        board.moveTo(place);
      }
      drawOverlay();
    }
    event.preventDefault();
  });
  zoom.listen(plot);
  details.addEventListener('toggle', () => void fillTable());

  function update() {
    const now = chart();
    element.hidden = now === undefined;
    if (now === undefined) return;
    title.textContent = unitText(now.y.unit) === '' || isPlane(now) ? now.title : `${now.title}, ${now.y.unit}`;
    summary.textContent = caption(now);
    element.classList.toggle('is-square', now.square === true);
    element.classList.toggle('is-plane', isPlane(now));
    element.classList.toggle('has-probe', now.probe != null);
    // The handle of a point to ask about takes the plot's place among the controls.
    if (now.probe != null) {
      if (probe === null) {
        probe = createProbe({ board, plot, bare: options.bare === true, chart, frame: () => drawn?.frame ?? null });
        plot.append(probe.layer);
        reading.after(probe.element);
      }
      for (const name of plot.getAttributeNames().filter((name) => /^(aria-value|tabindex)/.test(name)))
        plot.removeAttribute(name);
    } else {
      plot.tabIndex = 0;
    }
    plot.setAttribute('role', now.probe != null ? 'group' : 'slider');
    read = reader(now, board.report, () => board.cursor);
    place = Math.max(0, Math.min(place, (read?.count ?? 1) - 1));
    tableIsStale = true;
    void fillTable();
    probe?.refresh();
  }

  /** What the chart shows of the step at the cursor. @param {Chart} now */
  function caption(now) {
    const { steps } = board.report?.captions?.find((captions) => captions.chart === now.id) ?? {};
    return steps?.[board.cursor] ?? now.summary;
  }

  function cursor() {
    const now = chart();
    if (now !== undefined) summary.textContent = caption(now);
    // Bars and paths are drawn for one step; curves over time only carry the cursor.
    if (read?.clock === false) board.redraw(canvas);
    drawOverlay();
    probe?.stepped();
    markStep(tableBox, board.cursor, values);
  }

  const resize = new ResizeObserver(() => {
    const width = Math.floor(plot.clientWidth);
    if (svg()?.viewBox.baseVal.width !== width) board.redraw(canvas);
  });
  resize.observe(plot);
  const sight = new IntersectionObserver(
    (entries) => {
      const seen = entries[entries.length - 1]?.isIntersecting ?? false;
      if (seen === canvas.visible) return;
      canvas.visible = seen;
      if (seen) board.redraw(canvas);
    },
    { rootMargin: '300px' },
  );
  sight.observe(element);

  update();
  board.attach(canvas);
  const stops = [
    board.on('result', update),
    board.on('cursor', cursor),
    board.on('selection', () => {
      drawOverlay();
      markSelected(element, board.selection);
    }),
  ];
  return {
    id,
    element,
    destroy() {
      stops.forEach((stop) => stop());
      resize.disconnect();
      sight.disconnect();
      probe?.destroy();
      board.detach(canvas);
    },
  };
}
