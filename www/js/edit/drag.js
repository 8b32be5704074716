// Buses of the one-line diagram moved by pointer, or by Shift and the arrow keys; nothing else knows of it.

/** @import { Case } from '../session/types.js' */

/** @typedef {{ x: number, y: number }} Point */

/** A pointer that went less far, px, has pressed, not moved. */
const LEAST = 5;
/** What a key moves by, px. */
const STEP = 24;
/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/**
 * @param {{ element: HTMLElement }} network
 * @param {{ system: () => Case, move: (places: Map<string, Point>, id: string) => void }} acts
 * @returns {() => void} stops listening
 */
export function listenToMoves(network, { system, move }) {
  const { parentElement: host } = network.element;
  const stop = new AbortController();
  const options = { signal: stop.signal, capture: true };
  /** What is dragged. @type {{ bus: SVGGElement, id: string, from: Point, moved: boolean, pointer: number } | null} */
  let drag = null;

  const busAt = (/** @type {EventTarget | null} */ target) => {
    const hit = target instanceof Element ? target.closest('svg.diagram g.bus') : null;
    const id = hit?.getAttribute('data-item')?.slice('bus:'.length) ?? '';
    if (!(hit instanceof SVGGElement) || !system().buses.some((bus) => bus.id === id)) return null;
    return network.element.contains(hit) && system().buses.length > 1 ? { bus: hit, id } : null;
  };
  /** @param {SVGGElement} bus @param {string} id @param {Point} by px of the drawing */
  const drop = (bus, id, by) => {
    const centre = centreOf(bus);
    if (centre === null) return;
    move(placesOf(network.element, system(), id, { x: centre.x + by.x, y: centre.y + by.y }), id);
  };

  host?.addEventListener(
    'pointerdown',
    (event) => {
      const hit = event.button === 0 ? busAt(event.target) : null;
      if (hit === null) return;
      drag = { ...hit, from: { x: event.clientX, y: event.clientY }, moved: false, pointer: event.pointerId };
    },
    options,
  );
  addEventListener(
    'pointermove',
    (event) => {
      if (drag === null || event.pointerId !== drag.pointer) return;
      const by = { x: event.clientX - drag.from.x, y: event.clientY - drag.from.y };
      drag.moved ||= Math.hypot(by.x, by.y) >= LEAST;
      if (!drag.moved) return;
      event.preventDefault();
      const scale = scaleOf(drag.bus);
      drag.bus.setAttribute('transform', `translate(${by.x * scale} ${by.y * scale})`);
    },
    options,
  );
  // Under a finger that has taken hold of a bus the page stays where it is; a tap is still a press.
  const hold = (/** @type {TouchEvent} */ event) => {
    if (drag !== null && event.cancelable) event.preventDefault();
  };
  host?.addEventListener('touchmove', hold, { ...options, passive: false });
  const end = (/** @type {PointerEvent} */ event) => {
    if (drag === null || event.pointerId !== drag.pointer) return;
    const { bus, id, from, moved } = drag;
    drag = null;
    if (!moved) return;
    const scale = scaleOf(bus);
    if (event.type === 'pointercancel') bus.removeAttribute('transform');
    else drop(bus, id, { x: (event.clientX - from.x) * scale, y: (event.clientY - from.y) * scale });
    // The click that follows is the end of the move.
    addEventListener('click', (click) => click.stopPropagation(), {
      capture: true,
      once: true,
      signal: AbortSignal.timeout(50),
    });
  };
  addEventListener('pointerup', end, options);
  addEventListener('pointercancel', end, options);
  host?.addEventListener(
    'keydown',
    (event) => {
      const way = WAYS[event.key];
      const hit = event.shiftKey && way !== undefined ? busAt(event.target) : null;
      if (hit === null || way === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      drop(hit.bus, hit.id, { x: way[0] * STEP, y: way[1] * STEP });
    },
    options,
  );
  host?.classList.add('is-editing');
  return () => {
    stop.abort();
    host?.classList.remove('is-editing');
  };
}

/** Units of the drawing for a px of the screen. @param {SVGGElement} bus */
function scaleOf(bus) {
  return 1 / (bus.ownerSVGElement?.getScreenCTM()?.a ?? 1);
}

/** @param {Element} bus @returns {Point | null} */
function centreOf(bus) {
  const shape = bus.querySelector('rect.shape');
  if (!(shape instanceof SVGRectElement)) return null;
  const { x, y, width, height } = shape.getBBox();
  return { x: x + width / 2, y: y + height / 2 };
}

/**
 * The places of the buses that change, in the unit of the case, when one is put somewhere in the drawing. Where the case says no
 * places, all get those that they have in the drawing.
 * @param {HTMLElement} network
 * @param {Case} system
 * @param {string} id
 * @param {Point} to
 * @returns {Map<string, Point>}
 */
function placesOf(network, system, id, to) {
  const drawn = new Map(
    system.buses.flatMap((bus) => {
      const element = network.querySelector(`svg.diagram g.bus[data-item="bus:${CSS.escape(bus.id)}"]`);
      const centre = element === null ? null : centreOf(element);
      return centre === null ? [] : [[bus.id, centre]];
    }),
  );
  const given = system.buses.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const round = (/** @type {number} */ value) => Math.round(value * 1000) / 1000;
  if (!given)
    return new Map(
      [...drawn, /** @type {const} */ ([id, to])].map(([bus, { x, y }]) => [bus, { x: round(x), y: round(y) }]),
    );
  const others = system.buses.filter((bus) => bus.id !== id && drawn.has(bus.id));
  const [across, down] = /** @type {const} */ (['x', 'y']).map((axis) =>
    lineOf(others.map((bus) => [drawn.get(bus.id)?.[axis] ?? 0, bus[axis] ?? 0])),
  );
  const slope = across?.slope ?? down?.slope ?? 1;
  const at = (/** @type {ReturnType<typeof lineOf> | undefined} */ line, /** @type {number} */ px) =>
    line === undefined ? px : round(line.mean[1] + (line.slope ?? slope) * (px - line.mean[0]));
  return new Map([[id, { x: at(across, to.x), y: at(down, to.y) }]]);
}

/**
 * The straight line through points, by least squares; without a slope where all have one abscissa.
 * @param {[number, number][]} points
 */
function lineOf(points) {
  const mean = /** @type {[number, number]} */ (
    [0, 1].map((k) => points.reduce((sum, point) => sum + (point[k] ?? 0), 0) / Math.max(1, points.length))
  );
  let [over, under] = [0, 0];
  for (const [px, own] of points) {
    over += (px - mean[0]) * (own - mean[1]);
    under += (px - mean[0]) ** 2;
  }
  return { mean, slope: under < 1 || over === 0 ? null : over / under };
}
