// What a link says, and the address of a frame that shows it.

import { LinkError, decode, embedUrl, encode } from '@tandem-market/link';

const [form, link, said, address] = ['form', 'link', 'said', 'address'].map((id) => document.getElementById(id));

async function show() {
  try {
    const scenario = await decode(link.value);
    said.textContent = JSON.stringify(scenario, null, 2);
    const fragment = await encode(scenario.document ?? scenario);
    address.href = embedUrl('https://example.org/', fragment, { view: ['network', 'answer'], theme: 'light' });
    address.textContent = address.href;
  } catch (fault) {
    if (!(fault instanceof LinkError)) throw fault;
    said.textContent = fault.message;
    address.textContent = '';
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  show();
});
show();
