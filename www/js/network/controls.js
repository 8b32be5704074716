// What a reader can choose of the one-line diagram: the feeder in sight, and voltages in the place of prices.

import { h, uid } from '../ui/dom.js';

/** @import { Scene } from './scene.js' */

/**
 * @param {{ choose: (feeder: string) => void, showVoltage: (on: boolean) => void }} acts `choose`: '' for no feeder
 */
export function createControls({ choose, showVoltage }) {
  const feederId = uid('feeder');
  const feeder = h('select', { id: feederId, onchange: () => choose(feeder.value) });
  const feederChoice = h('div', { class: 'row' }, h('label', { for: feederId }, 'Feeder'), feeder);
  let byVoltage = false;
  const voltage = h(
    'button',
    {
      type: 'button',
      class: 'voltage-toggle',
      'aria-pressed': 'false',
      onclick: () => showVoltage(!byVoltage),
    },
    'Voltage',
  );
  const note = h('p', { class: 'help' });
  const element = h('div', { class: 'network-controls', hidden: true }, feederChoice, voltage, note);
  return {
    element,
    /**
     * @param {Scene} scene
     * @param {boolean} hasVoltages beside prices
     * @param {boolean} pressed whether buses show their voltage
     */
    update(scene, hasVoltages, pressed) {
      byVoltage = pressed;
      const { choices } = scene;
      element.hidden = choices.length === 0 && !hasVoltages && scene.note === '';
      feederChoice.hidden = choices.length === 0;
      const ids = ['', ...choices.map((choice) => choice.feeder.id)];
      if (ids.join('\n') !== [...feeder.options].map(({ value }) => value).join('\n')) {
        feeder.replaceChildren(...ids.map((id) => h('option', { value: id }, id === '' ? 'none' : id)));
      }
      feeder.value = scene.chosen;
      voltage.hidden = !hasVoltages;
      voltage.setAttribute('aria-pressed', String(pressed));
      note.textContent = scene.note;
      note.hidden = scene.note === '';
    },
  };
}
