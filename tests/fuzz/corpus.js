// What is mutated: the presets the program ships, as scenarios, links and folders.

import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { call } from './program.js';

/** Larger ones take too long to be tried many times. */
const MOST_TEXT = 300_000;
const FOLDERS = ['mezghani-s1', 'mezghani-3node', 'mezghani-block', 'lind-5bus', 'baran-wu-33', 'khojasteh-k33'];
const NETWORKS = ['ieee30', 'zuo-4node', 'zuo-30bus', 'triangle', 'lind-5bus'];

/**
 * @param {string} binary
 * @returns {Promise<{ scenarios: Map<string, any>, links: { text: string, of: string }[], networks: any[], folders: Map<string, Buffer>[] }>}
 */
export async function corpus(binary) {
  const list = (await call(binary, ['list'])).out.split('\n').filter((line) => line.startsWith('  '));
  const names = list.map((line) => line.trim().split(' ')[0] ?? '').filter((name) => !name.startsWith('smartnet'));
  /** @type {Map<string, any>} */
  const scenarios = new Map();
  for (const name of names) {
    const { out } = await call(binary, ['show', name]);
    if (out.length < MOST_TEXT) scenarios.set(name, JSON.parse(out));
  }
  const links = [];
  for (const name of [...scenarios.keys()].slice(0, 12)) {
    // As it is, changed in a field, and as a scenario of one's own.
    const whole = structuredClone(scenarios.get(name));
    whole.case.buses.reverse();
    for (const args of [
      ['show', name],
      ['show', name, '--set', 'title=A & B; 100 % #1'],
      ['show', '-'],
    ]) {
      const input = args[1] === '-' ? JSON.stringify(whole) : '';
      const link = await call(binary, [...args, '--link'], input);
      const { out, rc } = await call(binary, args, input);
      if (rc === 0) links.push({ text: link.out.trim().slice(1), of: out });
    }
  }
  const networks = [];
  for (const name of NETWORKS) {
    const { out, rc } = await call(binary, ['case', name]);
    if (rc === 0) networks.push(JSON.parse(out));
  }
  return { scenarios, links, networks, folders: await folders(binary) };
}

/** @param {string} binary */
async function folders(binary) {
  const all = [];
  for (const name of FOLDERS) {
    const folder = mkdtempSync(path.join(tmpdir(), 'tandem-fuzz-'));
    await call(binary, ['case', name, '--csv', folder]);
    const files = new Map(readdirSync(folder).map((file) => [file, readFileSync(path.join(folder, file))]));
    if (files.size > 0) all.push(files);
    rmSync(folder, { recursive: true });
  }
  return all;
}
