// Two figures and what they tell the page.

import { TandemFigure } from '@tandem-market/element';

// Where Tandem itself is served; here beside the packages, in the folder of its build.
TandemFigure.page = new URL('../../../dist/', import.meta.url).href;

const log = document.getElementById('log');
for (const type of ['ready', 'change', 'result', 'score', 'error']) {
  document.addEventListener(`tandem-${type}`, ({ target, detail }) => {
    const line = document.createElement('p');
    const changes = detail.changes?.map(({ path, value }) => `${path} = ${value}`).join(', ');
    line.textContent = `${target.id}: ${type}: ${changes ?? detail.headline ?? detail.title ?? detail.message ?? ''}`;
    log.append(line);
  });
}
