// The trees of feeders, whose layout is loaded where there are any.

/** @import { Scene } from './scene.js' */
/** @import { Tree } from './tree.js' */

/**
 * The trees of the feeders in sight; a case without feeders never asks for what lays them out.
 * @param {Scene} scene
 * @returns {Promise<Map<string, Tree>>}
 */
export async function grow({ trees }) {
  if (trees.length === 0) return new Map();
  const { treeOf } = await import('./tree.js');
  return new Map(trees.map(({ feeder }) => [feeder.id, treeOf(feeder)]));
}
