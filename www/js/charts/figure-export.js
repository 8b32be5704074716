// A chart as it is seen, offered as a file.

import { Stopped } from '../session/problem.js';
import { drawing as parse } from '../ui/dom.js';
import { openExport } from './export.js';
import { tableOf } from './sheet.js';

/** @import { Board } from '../session/board.js' */
/** @import { Chart, ChartRequest } from '../session/types.js' */
/** @import { FigureOptions, FigureState } from './figure-state.js' */
/** @import { Exported, Made, Wanted } from './sheet.js' */

/**
 * @param {Board} board
 * @param {string} id
 * @param {FigureState} state
 * @param {FigureOptions['dress']} dress
 */
export function exportFigure(board, id, state, dress) {
  const asked = (/** @type {number} */ width) => state.request(width);
  openExport(chartOf(board, { id, title: state.chart?.title ?? id, summary: state.caption }, asked, dress));
}

/**
 * A chart with its numbers.
 * @param {Board} board
 * @param {Pick<Chart, 'id' | 'title' | 'summary'>} chart
 * @param {(width: number) => ChartRequest | null} asked what is seen of it
 * @param {FigureOptions['dress']} [dress]
 * @returns {Exported}
 */
export function chartOf(board, { id, title, summary }, asked, dress) {
  const now = (/** @type {string} */ series) => board.series(series)?.values[board.cursor];
  /** @param {Wanted} wanted @returns {Promise<Made>} */
  async function draw({ width, height, dark, grey }) {
    const request = asked(width);
    if (request === null) throw new Stopped('This is too narrow for the chart.');
    const view = { ...request.view, dark, grey, curves: true, height: height ?? request.view.height };
    const [answer] = await board.draw([{ ...request, view }]);
    const drawn = answer?.drawing;
    if (drawn === undefined) throw new Stopped(answer?.problem ?? 'This chart could not be drawn.');
    const shown = drawn.legend.filter((item) => item.shown);
    const svg = parse(drawn.svg);
    svg.append(
      ...(dress?.(
        drawn,
        shown.map(({ series }) => series),
      ) ?? []),
    );
    const legend = shown.map(({ name, together, swatch }) => ({ name: together ?? name, swatch }));
    const { frame, curves, key } = drawn;
    const picture = new XMLSerializer().serializeToString(svg);
    return { picture, legend: legend.filter(({ name }) => name !== ''), frame, curves, key };
  }
  return {
    ...{ name: board.report.title, title, caption: summary, origin: board.origin, draw },
    table: async () => tableOf(await board.table(id), now),
  };
}
