// Mouse, pen, fingers and keys on the map of a grid. The wheel alone scrolls the page; with Ctrl or two fingers it zooms.

/** A pointer that moves less is a press, px. */
const STILL = 5;
const NOTCH = 0.0022;

/** @typedef {{ x: number, y: number }} Point */
/**
 * @typedef {{
 *   near: (point: Point | null) => void, press: (point: Point) => void, drag: (dx: number, dy: number) => void,
 *   zoom: (by: number, point: Point) => void, key: (name: string) => boolean
 * }} Acts `key`: whether it was one of the map's
 */

/**
 * @param {HTMLElement} stage
 * @param {Acts} acts
 */
export function listen(stage, { near, press, drag, zoom, key }) {
  /** The pointers that are down, by where they are. @type {Map<number, Point>} */
  const down = new Map();
  let travelled = 0;
  const at = (/** @type {MouseEvent} */ { clientX, clientY }) => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  stage.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, at(event));
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', (event) => {
    const here = at(event);
    const before = down.get(event.pointerId);
    if (before === undefined) {
      near(here);
      return;
    }
    const [dx, dy] = [here.x - before.x, here.y - before.y];
    travelled += Math.hypot(dx, dy);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, here);
    if (other !== undefined) {
      const [apart, now] = [
        Math.hypot(before.x - other.x, before.y - other.y),
        Math.hypot(here.x - other.x, here.y - other.y),
      ];
      if (apart > 0) zoom(now / apart, { x: (here.x + other.x) / 2, y: (here.y + other.y) / 2 });
      drag(dx / 2, dy / 2);
    } else if (travelled > STILL) drag(dx, dy);
  });
  stage.addEventListener('pointerup', (event) => {
    const pressed = down.size === 1 && travelled <= STILL;
    down.delete(event.pointerId);
    if (pressed) press(at(event));
  });
  stage.addEventListener('pointercancel', ({ pointerId }) => down.delete(pointerId));
  stage.addEventListener('pointerleave', () => near(null));
  stage.addEventListener('dblclick', (event) => zoom(2, at(event)));
  stage.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * NOTCH * (event.deltaMode === 1 ? 16 : 1)), at(event));
    },
    { passive: false },
  );
  stage.addEventListener('keydown', (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && key(event.key)) event.preventDefault();
  });
}
