// The three buses of the triangle: solved in a worker for a limit of one line, drawn, explained.

import { connect } from '@tandem-market/core/worker';

const at = (id) => document.getElementById(id);

const session = (await connect()).session();
await session.preset('triangle');

async function solve() {
  try {
    await session.set('case.branches.1-3.max_p_mw', at('limit').valueAsNumber);
    const { title, headline, status, look, charts } = await session.report();
    at('title').textContent = title;
    at('headline').textContent = headline;
    const hasAnswer = status === 'solved';
    const size = { width: at('chart').clientWidth, height: 300 };
    at('chart').innerHTML = hasAnswer ? (await session.chart(look.chart ?? charts[0].id, size)).svg : '';
    at('why').textContent = hasAnswer ? (await session.explain({ kind: 'bus', id: '3' })).headline : '';
  } catch (fault) {
    at('headline').textContent = fault.message;
  }
}

at('form').addEventListener('submit', (event) => {
  event.preventDefault();
  solve();
});
solve();
