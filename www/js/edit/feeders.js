// Feeders that can be attached: those of built-in cases, as the program has them.

/** @import { Client } from '../session/client.js' */
/** @import { Feeder, Scenario } from '../session/types.js' */

/** Presets of one feeder each, with its name. @type {[string, string][]} */
const KNOWN = [
  ['33 buses (Baran and Wu)', 'baran-wu-33'],
  ['69 buses (Baran and Wu)', 'baran-wu-69-flow'],
];

/**
 * @param {Client} client
 * @returns {Promise<[string, Feeder][]>} those that came
 */
export async function feeders(client) {
  const all = await Promise.all(
    KNOWN.map(async ([title, preset]) => {
      try {
        /** @type {Scenario} */
        const { case: system } = JSON.parse(await client.call('open', `#p=${preset}`));
        const [feeder] = system.feeders;
        return feeder === undefined ? [] : [/** @type {[string, Feeder]} */ ([title, feeder])];
      } catch {
        return [];
      }
    }),
  );
  return all.flat();
}
