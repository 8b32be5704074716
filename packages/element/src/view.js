// What is seen of a figure in the page itself: charts with their legends, the answer, the inputs, the time.

/** @import { Chart, ChartView, Drawing, Field, Report } from '@tandem-market/core' */
/** @import { TandemFigure } from './host.js' */
/**
 * What the reader does.
 * @typedef {{
 *   change: (path: string, value: unknown) => void, step: (step: number) => void, play: (playing: boolean) => void, draw: () => unknown
 * }} Acts
 */

/** Of the page of Tandem itself (`src/chart/colours.rs`). */
const SHEET = `
:host{display:block;container-type:inline-size;--surface:#fff;--ink:#1b1e21;--muted:#5a626b;--line:#868d93;--accent:#00649f}
:host([dark]){--surface:#14181d;--ink:#e9e9e6;--muted:#a3abb4;--line:#757d84;--accent:#6ab7ea;color-scheme:dark}
section{display:grid;gap:14px;padding:14px;background:var(--surface);color:var(--ink);font:15px/1.45 system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
*{box-sizing:border-box;margin:0;min-width:0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
h2{font-size:19px;line-height:1.3}
figure,ul,ol{display:grid;gap:6px;padding:0}
figcaption,.muted{color:var(--muted)}
figcaption b{color:var(--ink);font-weight:600}
svg{display:block;max-width:100%}
ul{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none}
li{display:flex;gap:6px;align-items:center}
ol li{display:list-item;margin-left:24px}
dl{margin-top:8px}
dt{color:var(--muted)}
dd{font-size:22px;font-weight:600}
.inputs{display:grid;gap:12px 24px;grid-template-columns:repeat(auto-fit,minmax(min(260px,100%),1fr))}
.input{display:grid;max-width:520px;gap:2px;grid-template-columns:1fr auto;align-items:center}
.input label{grid-column:1/-1}
.input span{display:flex;gap:6px;align-items:center;white-space:nowrap;grid-column:2}
.input select{grid-column:1/-1}
input,select,button{min-height:32px;font:inherit;color:inherit;accent-color:var(--accent)}
input[type=range]{width:100%;margin:0}
input[type=number],select,button{padding:2px 8px;border:1px solid var(--line);border-radius:6px;background:var(--surface)}
input[type=number]{width:96px;text-align:right}
button{min-width:72px;cursor:pointer}
.bar{display:flex;flex-wrap:wrap;gap:10px;align-items:center}
.bar input{flex:1 1 140px}
.bar a{margin-left:auto;color:var(--accent)}
.problem{padding:8px 12px;border-left:3px solid #c9480b}
[hidden]{display:none!important}`;
/** Of what a picture is drawn, width to height, and its bounds, px. */
const SHAPE = 0.5;
const [LOWEST, HIGHEST] = [220, 400];
/** Names below a picture at most. */
const NAMES = 10;
/** Digits of a number of the answer. */
const DIGITS = 6;

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} properties
 * @param {...(Node | string)} children
 */
function h(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export class View {
  element = document.createElement('div');
  #figure;
  #acts;
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #title = h('h2', {});
  #question = h('p', {});
  #problem = h('div', { className: 'problem', role: 'alert', hidden: true });
  #parts = h('div', { style: 'display:grid;gap:14px' });
  #inputs = h('div', { className: 'inputs' });
  #state = h('span', { className: 'muted', role: 'status' }, 'Loading…');
  #play = h('button', { type: 'button' }, 'Play');
  #step = h('input', { type: 'range', min: '1', step: '1' });
  #at = h('span', { className: 'muted' });
  #open = h('a', { target: '_blank', rel: 'noopener' }, 'Open in full');
  /** @type {Map<string, (field: Field) => void>} */
  #controls = new Map();
  #clock = '';
  #width = 0;
  #watch;

  /** @param {TandemFigure} figure @param {Acts} acts */
  constructor(figure, acts) {
    this.#figure = figure;
    this.#acts = acts;
    const root = this.element.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    root.adoptedStyleSheets = [sheet];
    this.element.tabIndex = -1;
    const bar = h('div', { className: 'bar' }, this.#play, this.#step, this.#at, this.#state, this.#open);
    const section = h('section', {}, this.#title, this.#question, this.#problem, this.#parts, this.#inputs, bar);
    section.setAttribute('aria-label', figure.getAttribute('label') ?? 'Tandem');
    root.append(section);
    this.#question.textContent = figure.getAttribute('question');
    this.#question.hidden = !this.#question.textContent;
    this.#title.hidden = figure.getAttribute('ui') === 'min';
    for (const part of [this.#play, this.#step, this.#at, this.#open]) part.hidden = true;
    this.#step.oninput = () => acts.step(this.#step.valueAsNumber - 1);
    this.#play.onclick = () => acts.play(this.#play.textContent === 'Play');
    this.#dark.addEventListener('change', this.#again);
    this.#again();
    this.#watch = new ResizeObserver(() => {
      const width = Math.round(this.#parts.clientWidth);
      if (width === this.#width) return;
      this.#width = width;
      acts.draw();
    });
    this.#watch.observe(this.#parts);
  }

  close() {
    this.#watch.disconnect();
    this.#dark.removeEventListener('change', this.#again);
  }

  #again = () => {
    this.element.toggleAttribute('dark', this.#isDark);
    this.#acts.draw();
  };

  get #isDark() {
    const theme = this.#figure.getAttribute('theme');
    return theme === null ? this.#dark.matches : theme === 'dark';
  }

  /** How a chart is drawn here. @param {Chart} chart @returns {ChartView} */
  sheet(chart) {
    const width = Math.max(240, this.#width || this.#parts.clientWidth || 600);
    const height = chart.square ? Math.min(width, HIGHEST) : Math.min(HIGHEST, Math.max(LOWEST, width * SHAPE));
    return { width, height: Math.round(height), dark: this.#isDark };
  }

  /**
   * Lays out what is shown of a scenario.
   * @param {Report} report
   * @param {string[]} views
   * @param {Field[]} fields
   * @param {number} steps
   */
  open(report, views, fields, steps) {
    this.#title.textContent = report.title;
    // What has no answer has no charts, and may have them after a change.
    const isOpen = report.status === 'infeasible';
    const known = views.filter((view) => isOpen || view === 'answer' || report.charts.some(({ id }) => id === view));
    this.#parts.replaceChildren(...known.map((view) => h(view === 'answer' ? 'div' : 'figure', { id: view })));
    this.#controls.clear();
    this.#inputs.replaceChildren(...fields.map((field) => this.#control(field)));
    this.#inputs.hidden = fields.length === 0;
    this.#clock = report.clock?.name ?? '';
    this.#step.max = String(steps);
    this.#step.setAttribute('aria-label', this.#clock);
    for (const part of [this.#play, this.#step, this.#at]) part.hidden = steps < 2;
  }

  /**
   * @param {Report} report
   * @param {{ chart: Chart, drawing: Drawing }[]} drawn
   * @param {number} step from 0
   * @param {string} hash
   */
  show(report, drawn, step, hash) {
    const parts = [...this.#parts.children];
    for (const part of parts) if (!drawn.some(({ chart }) => chart.id === part.id)) part.replaceChildren();
    for (const { chart, drawing } of drawn) {
      const caption = h('figcaption', {}, h('b', {}, chart.title), unitText(chart.y.unit) && `, ${chart.y.unit}`);
      const picture = h('div', { innerHTML: drawing.svg });
      parts.find(({ id }) => id === chart.id)?.replaceChildren(caption, picture, legendOf(drawing), keyOf(drawing));
    }
    parts.find(({ id }) => id === 'answer')?.replaceChildren(...answerOf(report, step));
    if (report.status === 'infeasible') this.problem(report.headline);
    this.#step.value = String(step + 1);
    this.#at.textContent = `${this.#clock} ${step + 1} of ${this.#step.max}`;
    this.#step.setAttribute('aria-valuetext', this.#at.textContent);
    const page = this.#figure.site;
    this.#open.hidden = page === '';
    if (page !== '') this.#open.href = new URL(hash, new URL(page, document.baseURI)).href;
  }

  /** The inputs as they stand. @param {Field[]} fields */
  update(fields) {
    for (const field of fields) this.#controls.get(field.path)?.(field);
  }

  /** @param {boolean} busy */
  busy(busy) {
    this.#state.textContent = busy ? 'Solving…' : '';
  }

  /** Something that is wrong, beside what was said before; nothing takes it all back. @param {string} text */
  problem(text) {
    if (text === '') this.#problem.replaceChildren();
    else if (![...this.#problem.children].some((said) => said.textContent === text))
      this.#problem.append(h('div', {}, text));
    this.#problem.hidden = text === '';
    this.#state.textContent = '';
  }

  /** @param {boolean} playing */
  playing(playing) {
    this.#play.textContent = playing ? 'Pause' : 'Play';
  }

  /** @param {Field} field */
  #control(field) {
    const { path, label, unit, kind, options, help } = field;
    const id = `input-${this.#controls.size}`;
    const named = h('label', { htmlFor: id, title: help }, label);
    if (kind === 'choice') {
      const texts = options.map((option) => JSON.stringify(option.value));
      const select = h('select', { id }, ...options.map((option, k) => h('option', { value: texts[k] }, option.label)));
      select.onchange = () => this.#acts.change(path, JSON.parse(select.value));
      this.#controls.set(path, ({ value }) => (select.value = JSON.stringify(value)));
      this.update([field]);
      return h('div', { className: 'input' }, named, select);
    }
    if (kind !== 'number') return h('p', { className: 'muted' }, `${label}: can be changed in full`);
    const bounds = { min: String(field.min ?? ''), max: String(field.max ?? ''), step: String(field.step ?? 'any') };
    const number = h('input', { id, type: 'number', ...bounds, step: 'any' });
    const range = h('input', { type: 'range', ...bounds, hidden: field.min === null || field.max === null });
    range.setAttribute('aria-label', `${label} ${unitText(unit)}`);
    number.onchange = () => {
      // Nothing is a value where a field may be empty.
      if (number.value !== '' || field.optional)
        this.#acts.change(path, number.value === '' ? null : number.valueAsNumber);
    };
    range.oninput = () => {
      number.value = range.value;
      this.#acts.change(path, range.valueAsNumber);
    };
    this.#controls.set(path, ({ value }) => {
      const focused = this.element.shadowRoot?.activeElement;
      if (focused !== range) range.value = String(value ?? '');
      if (focused !== number) number.value = String(value ?? '');
    });
    this.update([field]);
    return h('div', { className: 'input' }, named, range, h('span', {}, number, unitText(unit)));
  }
}

/** The series that are drawn. @param {Drawing} drawing */
function legendOf({ legend }) {
  const shown = legend.filter((item) => item.shown && item.together !== '').slice(0, NAMES);
  const entries = shown.map(({ swatch, name, together }) => {
    const sample = h('span', { innerHTML: swatch });
    sample.setAttribute('aria-hidden', 'true');
    return h('li', {}, sample, together ?? name);
  });
  return h('ul', { hidden: entries.length < 2 }, ...entries);
}

/** What numbers in circles stand for. @param {Drawing} drawing */
function keyOf({ key }) {
  return h('ol', { hidden: key.length === 0 }, ...key.map((text) => h('li', {}, text)));
}

/** The answer in a sentence, with the number that the scenario is about. @param {Report} report @param {number} step */
function answerOf({ answer, headline, summary, messages, look }, step) {
  const sentence = h('p', {}, answer?.[Math.min(step, answer.length - 1)] ?? headline);
  const main = summary.find(({ id }) => id === look.number);
  const notes = messages
    .filter(({ level }) => level !== 'info')
    .map(({ text }) => h('p', { className: 'muted' }, text));
  if (!main || main.value === null) return [sentence, ...notes];
  const text = `${main.value.toLocaleString('en', { maximumSignificantDigits: DIGITS })} ${unitText(main.unit)}`;
  return [sentence, h('dl', {}, h('dt', {}, main.name), h('dd', {}, text)), ...notes];
}

/** A unit as it is read: what is counted has none. @param {string} unit */
export function unitText(unit) {
  return unit === '1' ? '' : unit;
}
