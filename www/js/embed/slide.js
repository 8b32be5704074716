// A picture for slides and paper: a chart, the title of the scenario, and a QR code that leads to the live figure.

import { fileName, imageOf } from '../charts/download.js';
import { Stopped } from '../session/problem.js';
import { save } from '../ui/dom.js';
import { inLanguage } from '../ui/language.js';
import { modulesOf } from './qr.js';

/** @import { Lab } from '../session/lab.js' */

/** The sheet, px: a slide of 16 by 9. */
const WIDTH = 1600;
const HEIGHT = 900;
const EDGE = 60;
/** The chart as on the page, and how much larger it stands here. */
const CHART = { width: 780, height: 450, dark: false };
const TIMES = 1.5;
const CODE = 240;
const FONT = 'system-ui, sans-serif';

/**
 * @param {Lab} lab
 * @param {string} chart
 * @param {string} address where the code leads
 */
export async function saveSlide(lab, chart, address) {
  const [made] = await lab.draw([{ id: chart, view: CHART }]);
  const modules = await modulesOf(address);
  if (modules === null) throw new Stopped('The link is too long for a QR code.');
  if (made?.drawing === undefined) throw new Stopped(made?.problem ?? 'There is no picture of this view.');
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const on = canvas.getContext('2d');
  if (on === null) throw new Stopped('The browser makes no picture.');
  on.fillStyle = '#fff';
  on.fillRect(0, 0, WIDTH, HEIGHT);
  on.fillStyle = '#111';
  on.font = `600 44px ${FONT}`;
  on.fillText(inLanguage(lab.report.title), EDGE, EDGE + 40, WIDTH - 2 * EDGE);
  on.font = `28px ${FONT}`;
  on.fillText(
    inLanguage(lab.report.charts.find(({ id }) => id === chart)?.title ?? ''),
    EDGE,
    EDGE + 84,
    CHART.width * TIMES,
  );
  on.drawImage(await imageOf(made.drawing.svg), EDGE, 170, CHART.width * TIMES, CHART.height * TIMES);
  drawCode(on, modules, WIDTH - EDGE - CODE, 200);
  on.font = `26px ${FONT}`;
  on.fillText(inLanguage('Open it live'), WIDTH - EDGE - CODE, 200 + CODE + 40, CODE);
  const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) =>
    canvas.toBlob(resolve, 'image/png'),
  );
  if (blob === null) throw new Stopped('The browser makes no picture.');
  save(`${fileName(lab.report.title, chart, 'slide')}.png`, blob);
}

/**
 * @param {CanvasRenderingContext2D} on
 * @param {boolean[][]} modules
 * @param {number} x
 * @param {number} y
 */
function drawCode(on, modules, x, y) {
  // Whole pixels: a code with blurred edges reads badly.
  const size = Math.max(1, Math.floor(CODE / modules.length));
  for (const [row, cells] of modules.entries())
    for (const [column, dark] of cells.entries()) if (dark) on.fillRect(x + column * size, y + row * size, size, size);
}
