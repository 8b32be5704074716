// An embedded view: what the author chose, its time, at most three inputs, and the way to the full page.

import { createAnswer } from '../panels/answer.js';
import { h, markFirstResult } from '../ui/dom.js';
import { createFigure } from '../charts/figure.js';
import { icon } from '../ui/icon.js';
import { createInputs } from '../panels/inputs.js';
import { createNetwork } from '../grid/network.js';
import { fullAddress } from '../session/links.js';
import { createTask } from '../panels/task.js';
import { createTransport } from '../panels/transport.js';

/** @import { Lab } from '../session/lab.js' */
/** @import { EmbedOptions } from '../session/links.js' */

/**
 * @param {Lab} lab
 * @param {EmbedOptions} options
 */
export function createEmbedView(lab, options) {
  const parts = options.views.map((view) => {
    if (view === 'answer') {
      markFirstResult();
      return createAnswer(lab);
    }
    if (view === 'task') return createTask(lab);
    if (view === 'network') return createNetwork(lab, { bare: options.minimal });
    if (lab.report.charts.some(({ id }) => id === view)) return createFigure(lab, view, { bare: options.minimal });
    const known = ['network', 'answer', 'task', ...lab.report.charts.map(({ id }) => id)].join(', ');
    return {
      element: h('p', { class: 'figure-problem' }, `There is no view “${view}”; there are ${known}.`),
      destroy() {},
    };
  });
  const transport = createTransport(lab, { compact: options.minimal });
  const inputs =
    options.inputs.length > 0 && !options.locked ? createInputs(lab, { only: () => options.inputs }) : null;
  const open = h('a', { class: 'open-full', target: '_blank', rel: 'noopener' }, 'Open in full', icon('open'));
  const link = () => (open.href = fullAddress(lab.hash || location.hash));
  link();
  const stop = lab.on('link', link);
  const element = h(
    'main',
    { class: 'embed', id: 'main' },
    h('h1', { class: options.minimal ? 'hidden-text' : null }, lab.report.title),
    ...parts.map((part) => part.element),
    inputs?.element,
    h('div', { class: 'embed-bar' }, transport.element, open),
  );
  return {
    element,
    destroy() {
      stop();
      transport.destroy();
      inputs?.destroy();
      for (const part of parts) part.destroy();
    },
  };
}
