// The sizes of the one-line diagram's parts, by how crowded it is.

import { textWidth } from './labels.js';

/**
 * Sizes by how crowded the figure is, px: the height of a bus, radius of a unit, type, stem of a unit, distance of buses,
 * thickest line, and of trees: least and most from bus to bus across, from level to level down and along.
 * @typedef {{
 *   name: string, bus: number, unit: number, font: number, small: number, stem: number, apart: number, wire: number,
 *   across: [number, number], down: number, along: [number, number], beside: number
 * }} Size
 */
/** @type {Size} */
export const ROOMY = {
  name: 'roomy',
  bus: 28,
  unit: 10,
  font: 13,
  small: 12,
  stem: 26,
  apart: 84,
  wire: 10,
  across: [92, 150],
  down: 92,
  along: [88, 150],
  beside: 96,
};
/** @type {Size} */
export const CROWDED = {
  name: 'crowded',
  bus: 18,
  unit: 5,
  font: 10.5,
  small: 10.5,
  stem: 15,
  apart: 44,
  wire: 6.5,
  across: [26, 92],
  down: 54,
  along: [38, 70],
  beside: 52,
};
/** @type {Size} */
export const TINY = {
  name: 'tiny',
  bus: 8,
  unit: 3,
  font: 0,
  small: 10.5,
  stem: 9,
  apart: 20,
  wire: 4,
  across: [9, 40],
  down: 24,
  along: [14, 36],
  beside: 16,
};

/**
 * @param {string} name
 * @param {Size} size
 */
export function busWidth(name, size) {
  if (size.font === 0) return size.bus;
  return Math.max(size.bus, textWidth(name, size.font) + size.bus / 2);
}

/**
 * Room beside the outermost bus of a tree.
 * @param {Size} size
 */
export function edge(size) {
  return size.bus / 2 + size.stem + size.unit + 4;
}
