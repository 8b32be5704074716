// The text page follows the theme of the others.

import { startTheme } from './theme.js';

startTheme();
