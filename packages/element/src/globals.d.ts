// The element and its events by their names, for the compiler.

import type { Message, TandemFigure } from './host.js';

declare global {
  interface HTMLElementTagNameMap {
    'tandem-figure': TandemFigure;
  }
  interface HTMLElementEventMap {
    'tandem-ready': CustomEvent<Message>;
    'tandem-change': CustomEvent<Message>;
    'tandem-result': CustomEvent<Message>;
    'tandem-score': CustomEvent<Message>;
    'tandem-error': CustomEvent<Message>;
  }
}
