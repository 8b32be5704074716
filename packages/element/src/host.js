// The host's side of embedded figures (docs/EMBEDDING.md): fits the heights of the frames on a page and defines
// `<tandem-figure>`. The build makes the site's embed.js of this file alone.

/**
 * A message of the protocol; what stands in it goes with its type.
 * @typedef {{ tandem: 1, type: string } & Record<string, any>} Message
 */
/**
 * What a figure speaks to: a frame, or something in the page itself that answers the same messages.
 * @typedef {{ element: HTMLElement, send(message: Message): void, close(): void }} Door
 */

/** Options of the address, which are attributes of the same names. */
const OPTIONS = ['view', 'inputs', 'lock', 'ui', 'run', 'play', 'theme', 'lang', 'state', 'question'];
/** How long a frame that has loaded may say nothing, ms. */
const SILENCE = 12_000;
const SHEET = `:host{display:block}
iframe{display:block;box-sizing:border-box;width:100%;height:420px;border:0}
button{display:grid;justify-items:center;gap:8px;width:100%;padding:0 0 12px;border:0;background:0;color:inherit;font:inherit;cursor:pointer}
img{max-width:100%;min-width:min(100%,520px)}
span{padding:10px 20px;border-radius:6px;background:#1d4f7c;color:#fff}`;

/** @type {Set<TandemFigure>} */
const figures = new Set();

/** @param {string} type @param {object} fields @returns {Message} */
const message = (type, fields) => ({ tandem: 1, type, ...fields });

/** The address of a frame of Tandem, or null. @param {HTMLIFrameElement} frame */
function addressOf(frame) {
  if (!/^https?:.*[?&]embed=1\b/.test(frame.src)) return null;
  return new URL(frame.src);
}

/**
 * Lays a frame out as high as what is in it. Both sides mean the height of the layout: a slide that is scaled changes
 * neither.
 * @param {HTMLIFrameElement} frame
 * @param {number} height CSS px
 */
function fit(frame, height) {
  if (!(height > 0 && height < 1e5)) return;
  const style = getComputedStyle(frame);
  const edges = [style.borderTopWidth, style.borderBottomWidth, style.paddingTop, style.paddingBottom];
  const around = style.boxSizing === 'border-box' ? edges.reduce((sum, edge) => sum + (parseFloat(edge) || 0), 0) : 0;
  frame.style.height = `${Math.ceil(height + around)}px`;
}

/**
 * Asks a frame for what is used. Nothing in it is secret: what has not loaded yet may get it, too.
 * @param {HTMLIFrameElement} frame
 * @param {boolean} isFigure
 * @param {string} origin
 */
function greet(frame, isFigure, origin) {
  const listen = isFigure ? ['size', 'change', 'result', 'score'] : ['size'];
  frame.contentWindow?.postMessage(message('hello', { listen }), origin);
}

/** @param {MessageEvent} event */
function hear({ data, source, origin }) {
  if (data?.tandem !== 1 || !source) return;
  const figure = [...figures].find((one) => one.frame?.contentWindow === source);
  const frame = figure?.frame ?? [...document.querySelectorAll('iframe')].find((one) => one.contentWindow === source);
  // A frame in a sandbox has no origin, and says so. Where another has gone since then is not what stands in its `src`.
  const isSandbox = origin === 'null' && data.code === 'sandbox';
  if (!frame || !(isSandbox || addressOf(frame)?.origin === origin)) return;
  if (data.type === 'hello') greet(frame, figure !== undefined, origin);
  if (data.type === 'size') fit(frame, data.height);
  figure?.receive(data);
}

/** A figure of Tandem in a page. */
export class TandemFigure extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ['preset', 'link', 'page', 'label', 'mode', 'poster', ...OPTIONS];
  static #page = new URL('.', import.meta.url).href;
  /** @type {((figure: TandemFigure) => Door) | null} */
  static #inline = null;

  /** Where Tandem is served, for figures without `page`. */
  static get page() {
    return TandemFigure.#page;
  }

  static set page(page) {
    TandemFigure.#page = page;
    for (const figure of figures) if (!figure.hasAttribute('page')) figure.#later();
  }

  /** What opens a figure in the page itself (`mode="inline"`); without it all are frames. */
  static get inline() {
    return TandemFigure.#inline;
  }

  static set inline(inline) {
    TandemFigure.#inline = inline;
    for (const figure of figures) figure.#later();
  }

  /** @type {HTMLIFrameElement | null} */
  frame = null;
  /** @type {Door | null} */
  #door = null;
  #ready = false;
  #heard = false;
  #pressed = false;
  #stale = false;
  /** Why there is no figure. @type {Message | null} */
  #failed = null;
  #count = 0;
  /** @type {Map<number, { resolve: (answer: Message) => void, reject: (why: Error) => void }>} */
  #asked = new Map();
  /** What waits until the figure is there. @type {Message[]} */
  #waiting = [];

  connectedCallback() {
    figures.add(this);
    this.#later();
  }

  disconnectedCallback() {
    figures.delete(this);
    this.#close();
    this.#refuse('The figure was taken off the page.');
  }

  attributeChangedCallback() {
    this.#later();
  }

  /** Opens it, once for all that is changed together. */
  #later() {
    if (this.#stale) return;
    this.#stale = true;
    queueMicrotask(() => {
      this.#stale = false;
      if (this.isConnected) this.#open();
    });
  }

  /** Whether an option that is on or off is on: `lock` alone is `lock="1"`. @param {string} name */
  on(name) {
    const value = this.getAttribute(name);
    return value === '1' || (value === '' && /^(lock|play|run)$/.test(name));
  }

  /** The fragment of the scenario's link. */
  get fragment() {
    const preset = new URLSearchParams({ p: this.getAttribute('preset') ?? '' });
    return this.getAttribute('link')?.replace(/^[^#]*#/, '') ?? String(preset);
  }

  /** Where Tandem is served for this figure; empty where nobody says it. */
  get site() {
    return this.getAttribute('page') ?? TandemFigure.page;
  }

  /** The address of the frame. */
  get address() {
    if (!this.site) throw new Error('The attribute “page” is missing: where Tandem is served.');
    const url = new URL(this.site, document.baseURI);
    // No code in the place of an address.
    if (!/^https?:$/.test(url.protocol)) throw new Error(`Tandem cannot be served at “${url.protocol}”.`);
    const query = new URLSearchParams({ embed: '1' });
    for (const name of OPTIONS) {
      const value = this.getAttribute(name);
      if (value !== null) query.set(name, this.on(name) ? '1' : value);
    }
    url.search = String(query);
    url.hash = this.fragment;
    return url.href;
  }

  /** `inputs`, `values`, `result`, `series`, `scenario` or `link`. @param {string} what */
  get(what) {
    return this.#ask('get', { what });
  }

  /** @param {{ path: string, value: unknown }[]} changes values in the units that `inputs` names */
  set(changes) {
    return this.#ask('set', { changes });
  }

  /** @param {{ link: string } | { preset: string } | { scenario: object }} scenario */
  open(scenario) {
    return this.#ask('open', scenario);
  }

  /** @param {string} what `svg` or `csv` of a chart, `json` @param {string} [view] the id of the chart */
  export(what, view) {
    return this.#ask('export', { what, view });
  }

  // Frameworks write a property where an element has one of an attribute's name: it is the attribute then.

  /** @returns {(views: string[]) => Promise<Message>} */
  get view() {
    return (views) => this.#ask('view', { views });
  }

  /** @param {string} text */
  set view(text) {
    this.setAttribute('view', text);
  }

  /** @returns {(how?: { playing?: boolean, step?: number }) => Promise<Message>} */
  get play() {
    return (how = { playing: true }) => this.#ask('play', how);
  }

  /** @param {string} text */
  set play(text) {
    this.setAttribute('play', text);
  }

  /**
   * What the figure says.
   * @param {Message} told
   */
  receive(told) {
    const { type, id } = told;
    this.#heard = true;
    // A frame that loads again has forgotten what was asked of it.
    if (type === 'hello' && this.#ready) this.#refuse('The figure was loaded anew.');
    if (type === 'hello') this.#ready = false;
    if (type === 'ready') {
      this.#ready = true;
      if (this.frame && !this.hasAttribute('label')) this.frame.title = `Tandem: ${told['title']}`;
      for (const waiting of this.#waiting.splice(0)) this.#door?.send(waiting);
    }
    const asked = type === 'answer' || type === 'error' ? this.#asked.get(id) : undefined;
    if (asked) {
      this.#asked.delete(id);
      if (type === 'answer') asked.resolve(told);
      else asked.reject(failure(told));
    } else if (/^(ready|change|result|score|error)$/.test(type)) {
      if (type === 'error' && !this.#ready) this.#failed = told;
      this.dispatchEvent(new CustomEvent(`tandem-${type}`, { detail: told, bubbles: true, composed: true }));
      // What cannot start answers nothing any more.
      if (type === 'error' && !this.#ready) this.#refuse(told['message'], told);
    }
  }

  /** @param {string} type @param {object} fields @returns {Promise<Message>} */
  #ask(type, fields) {
    const id = ++this.#count;
    const asking = message(type, { ...fields, id });
    return new Promise((resolve, reject) => {
      if (this.#failed) return reject(failure(this.#failed));
      this.#asked.set(id, { resolve, reject });
      if (this.#ready) return this.#door?.send(asking);
      this.#waiting.push(asking);
      // A question starts what waits to be pressed.
      this.#pressed = true;
      if (!this.#door) this.#later();
      return undefined;
    });
  }

  /** @param {string} why @param {object} [told] */
  #refuse(why, told) {
    for (const { reject } of this.#asked.values()) reject(failure({ code: 'load', ...told, message: why }));
    this.#asked.clear();
    this.#waiting = [];
  }

  #close() {
    this.#door?.close();
    this.#door = this.frame = null;
    this.#ready = this.#heard = false;
    this.#failed = null;
  }

  #open() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    if (this.#ready) this.#refuse('The figure was opened anew.');
    this.#close();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    root.adoptedStyleSheets = [sheet];
    try {
      const inline = this.getAttribute('mode') === 'inline' ? TandemFigure.inline : null;
      // In the page itself nothing loads before it is wanted.
      const waits = this.hasAttribute('poster') || (inline && !this.on('run'));
      if (waits && !this.#pressed) return root.replaceChildren(this.#poster());
      this.#door = inline ? inline(this) : this.#framed();
      root.replaceChildren(this.#door.element);
    } catch (fault) {
      root.textContent = /** @type {Error} */ (fault).message;
      this.receive(message('error', { code: 'link', message: root.textContent }));
    }
  }

  /** A picture to press: one of the host's own, or that of the preset. */
  #poster() {
    const button = document.createElement('button');
    const image = document.createElement('img');
    const word = document.createElement('span');
    const theme = this.getAttribute('theme') ?? (matchMedia('(prefers-color-scheme:dark)').matches ? 'dark' : 'light');
    const preset = this.getAttribute('preset');
    const own = () => new URL(`pictures/${preset}${theme === 'dark' ? '-dark' : ''}.svg`, this.address).href;
    image.src = this.getAttribute('poster') || (preset && this.site ? own() : '');
    image.part.add('poster');
    image.alt = this.getAttribute('label') ?? '';
    word.textContent = (this.lang || document.documentElement.lang).startsWith('de') ? 'Starten' : 'Start';
    button.append(...(image.src ? [image] : []), word);
    button.onclick = () => {
      this.#pressed = true;
      this.#open();
      this.#door?.element.focus();
    };
    return button;
  }

  /** @returns {Door} */
  #framed() {
    const frame = document.createElement('iframe');
    this.frame = frame;
    frame.src = this.address;
    frame.title = this.getAttribute('label') ?? 'Tandem';
    frame.allow = 'fullscreen; clipboard-write';
    frame.part.add('frame');
    frame.onload = () =>
      setTimeout(() => {
        const text = `Tandem does not answer at ${frame.src.split('?')[0]}.`;
        if (this.frame === frame && !this.#heard) this.receive(message('error', { code: 'load', message: text }));
      }, SILENCE);
    return {
      element: frame,
      send: (told) => frame.contentWindow?.postMessage(told, new URL(frame.src).origin),
      close() {},
    };
  }
}

/** A failure as a figure tells it. @param {{ [field: string]: any }} told */
function failure({ message: text, code, field }) {
  return Object.assign(new Error(text), { code, field });
}

if (globalThis.customElements && !customElements.get('tandem-figure')) {
  customElements.define('tandem-figure', TandemFigure);
  addEventListener('message', hear);
  // Frames that were there long before this script have stopped asking.
  for (const frame of document.querySelectorAll('iframe')) if (addressOf(frame)) greet(frame, false, '*');
}
