// The three buses of the triangle: solved in a worker for a limit of one line, drawn, explained.

import { connect } from '@tandem-market/core/worker';

const at = (id) => document.getElementById(id);

const session = (await connect()).session();
await session.preset('triangle');

async function solve() {
  try {
    await session.set('case.branches.1-3.max_p_mw', at('limit').valueAsNumber);
    const report = await session.report();
    const { svg } = await session.chart(report.charts[0].id, { width: at('chart').clientWidth, height: 300 });
    at('title').textContent = report.title;
    at('headline').textContent = report.headline;
    at('chart').innerHTML = svg;
    at('why').textContent = (await session.explain({ kind: 'bus', id: '3' })).headline;
  } catch (fault) {
    at('headline').textContent = fault.message;
  }
}

at('form').addEventListener('submit', (event) => {
  event.preventDefault();
  solve();
});
solve();
