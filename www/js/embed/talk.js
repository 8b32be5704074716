// The messages between an embedded view and the page around it, version 1 (docs/EMBEDDING.md). The first message from
// around pins the window and its origin; before that nothing but a greeting leaves the frame.

export const VERSION = 1;
/** The greeting is repeated so often, ms, and so long. */
const AGAIN_MS = 250;
const LAST_MS = 10_000;

/** A message from around: its type and whatever else stands in it. @typedef {{ type: string, id?: unknown, [field: string]: unknown }} Message */

export class Talk {
  #host;
  /** The origin that messages go to and come from; '' while none has spoken. */
  #origin = '';
  /** What the host wants to be told of. */
  #wanted = new Set();
  /** @type {((message: Message) => void) | null} */
  #serve = null;
  /** Messages that came before anybody serves them. @type {Message[]} */
  #waiting = [];
  /** Called by the first message that asks for something, while nobody serves. */
  #rouse = () => {};
  /** What has to be told once somebody listens. @type {[string, object] | null} */
  #owed = null;

  /** @param {Window} host the window around */
  constructor(host) {
    this.#host = host;
    addEventListener('message', (event) => this.#hear(event));
    const greet = () => host.postMessage({ tandem: VERSION, type: 'hello' }, '*');
    greet();
    const timer = window.setInterval(() => {
      if (this.#origin === '' && performance.now() < LAST_MS) greet();
      else window.clearInterval(timer);
    }, AGAIN_MS);
  }

  /** @param {MessageEvent} event */
  #hear({ source, origin, data }) {
    if (source !== this.#host || data?.tandem !== VERSION || typeof data.type !== 'string') return;
    if (this.#origin === '') this.#origin = origin;
    if (origin !== this.#origin) return;
    // Several scripts of one page may speak to a frame: what one of them asked for is told.
    if (data.type === 'hello' && Array.isArray(data.listen)) for (const one of data.listen) this.#wanted.add(one);
    if (this.#owed !== null) this.send(...this.#owed);
    if (this.#serve === null) {
      // Greetings that crossed are one.
      if (data.type === 'hello') this.#waiting = this.#waiting.filter(({ type }) => type !== 'hello');
      this.#waiting.push(data);
      if (data.type !== 'hello') this.#rouse();
    } else this.#serve(data);
  }

  /**
   * What to do when the page around asks for something before there is a figure.
   * @param {() => void} rouse
   */
  whenAsked(rouse) {
    this.#rouse = rouse;
  }

  /**
   * Who answers from now on, also what came before.
   * @param {(message: Message) => void} serve
   */
  serve(serve) {
    this.#serve = serve;
    for (const message of this.#waiting.splice(0)) serve(message);
  }

  /**
   * @param {string} type
   * @param {object} fields
   */
  send(type, fields) {
    if (this.#origin === '') {
      // Why there will be no figure is told to whoever asks; a frame that nobody talks to keeps it to itself.
      if (type === 'error') this.#owed = [type, fields];
      return;
    }
    this.#owed = null;
    // The origin of a sandbox has no name to send to; the window is the one that spoke.
    const target = this.#origin === 'null' ? '*' : this.#origin;
    this.#host.postMessage({ tandem: VERSION, type, ...fields }, target);
  }

  /**
   * The same, where the host asked to be told of it.
   * @param {'size' | 'change' | 'result' | 'score'} type
   * @param {() => object} fields
   */
  tell(type, fields) {
    if (this.#wanted.has(type)) this.send(type, fields());
  }
}
