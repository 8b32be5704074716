// A lesson of Tandem in a learning platform (SCORM 1.2): shows it in a frame, hears its score by the messages of
// docs/EMBEDDING.md and writes it down. Without a platform the lesson runs all the same.
const VERSION = 1;
/** Characters of `cmi.suspend_data`, and of an answer, at most. */
const ROOM = 4096;
const GIVEN = 255;
/** Answers that are written down at most: a platform sends all of them again each time. */
const MOST_ANSWERS = 250;
/** Windows around this one that are asked at most. */
const DEEPEST = 50;
const KNOWN = ['passed', 'completed', 'failed', 'incomplete'];

/** @type {Record<string, string>} */
const GERMAN = {
  'No learning platform answers here: the lesson runs, but nothing is recorded.':
    'Hier antwortet keine Lernplattform: Die Lektion läuft, aber nichts wird festgehalten.',
  'What you answer is recorded by your learning platform.': 'Ihre Lernplattform hält fest, was Sie antworten.',
  'You go on where you stopped.': 'Es geht weiter, wo Sie aufgehört haben.',
  'You are looking back: nothing is recorded.': 'Das ist ein Rückblick: Nichts wird festgehalten.',
  'Recorded: {} of {} questions done.': 'Festgehalten: {} von {} Fragen erledigt.',
  'Recorded.': 'Festgehalten.',
  'The lesson is finished: {} of 100 points are recorded.':
    'Die Lektion ist abgeschlossen: {} von 100 Punkten sind festgehalten.',
  'Your learning platform did not take the last answer. Check the connection: it is sent again with the next one.':
    'Ihre Lernplattform hat die letzte Antwort nicht angenommen. Prüfen Sie die Verbindung: Mit der nächsten wird sie noch einmal gesendet.',
  'This is another scenario: nothing of it is recorded.':
    'Das ist ein anderes Szenario: Davon wird nichts festgehalten.',
  'Back to the lesson': 'Zurück zur Lektion',
};

const frame = /** @type {HTMLIFrameElement} */ (document.querySelector('iframe'));
const line = /** @type {HTMLElement} */ (document.querySelector('p'));
const address = new URL(document.body.dataset['frame'] ?? '', location.href);
const german = address.searchParams.get('lang') === 'de';
if (german) document.documentElement.lang = 'de';

/** @param {string} text @param {...number} holes */
function words(text, ...holes) {
  const left = [...holes];
  return (german ? (GERMAN[text] ?? text) : text).replace(/\{\}/g, () => String(left.shift()));
}
/** @param {string} text @param {...number} holes */
const say = (text, ...holes) => line.replaceChildren(words(text, ...holes));

/**
 * The door of the platform in a window or one around it.
 * @param {Window | null} start
 * @returns {any}
 */
function doorFrom(start) {
  let at = start;
  for (let k = 0; at !== null && k < DEEPEST; k += 1) {
    try {
      const { API } = /** @type {any} */ (at);
      if (API) return API;
    } catch {
      // A window of another origin: what is around it may be the platform's.
    }
    if (at.parent === at) return null;
    at = at.parent;
  }
  return null;
}
const api = doorFrom(window) ?? doorFrom(window.opener) ?? doorFrom(window.top?.opener ?? null);

/** @param {string} name @param {...string} args */
function call(name, ...args) {
  try {
    return String(api[name](...args));
  } catch {
    return 'false';
  }
}
const connected = api !== null && call('LMSInitialize', '') === 'true';
/** @param {string} element */
const get = (element) => (connected ? call('LMSGetValue', element) : '');
/** @param {string} element @param {string | number} value */
const set = (element, value) => call('LMSSetValue', element, String(value));

const records = connected && !['browse', 'review'].includes(get('cmi.core.lesson_mode'));
const kept = get('cmi.suspend_data');
/** Where a lesson goes on that is loaded once more. */
let latest = kept;
const began = Date.now();
let status = get('cmi.core.lesson_status');
let finished = false;

/** @param {number} value @param {number} digits */
const padded = (value, digits) => String(value).padStart(digits, '0');

/** The time since the lesson was opened, as HHHH:MM:SS.SS. */
function sessionTime() {
  const all = Math.floor((Date.now() - began) / 10);
  const [hours, minutes, hundredths] = [Math.floor(all / 360_000), Math.floor(all / 6000) % 60, all % 6000];
  const seconds = `${padded(Math.floor(hundredths / 100), 2)}.${padded(hundredths % 100, 2)}`;
  return `${padded(Math.min(hours, 9999), 4)}:${padded(minutes, 2)}:${seconds}`;
}

/**
 * One answer, in the words in which it was given.
 * @param {string} question
 * @param {boolean} right
 * @param {string} given
 */
function note(question, right, given) {
  const count = Number(get('cmi.interactions._count'));
  if (get('cmi.interactions._children') === '' || !(count < MOST_ANSWERS)) return;
  const own = `cmi.interactions.${count}`;
  const now = new Date();
  set(`${own}.id`, question);
  set(`${own}.time`, [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => padded(part, 2)).join(':'));
  set(`${own}.type`, 'fill-in');
  if (given !== '') set(`${own}.student_response`, given.replace(/\s+/g, ' ').slice(0, GIVEN));
  set(`${own}.result`, right ? 'correct' : 'wrong');
}

/**
 * The score, at the end alone: a platform compares it with the score to pass each time that the lesson is left, and
 * who stops in the middle would have failed.
 * @param {number} score from 0 to 1
 */
function close(score) {
  const points = Math.round(100 * score);
  finished = true;
  // Taken once more, a lesson that was passed stays so.
  if (status === 'passed' && points < Number(get('cmi.core.score.raw'))) return points;
  set('cmi.core.score.min', 0);
  set('cmi.core.score.max', 100);
  set('cmi.core.score.raw', points);
  // A teacher may have changed it in the platform.
  const pass = Number(get('cmi.student_data.mastery_score') || document.body.dataset['mastery']);
  status = points >= pass ? 'passed' : 'failed';
  set('cmi.core.lesson_status', status);
  return points;
}

/** @param {Record<string, any>} told a `score` message */
function record({ question, right, given, done, count, score, finished: ends, state }) {
  if (!records || away) return;
  if (state.length <= ROOM) {
    latest = state;
    set('cmi.suspend_data', state);
  }
  if (question !== 'lesson') note(question, right, given);
  const points = ends ? close(score) : 0;
  set('cmi.core.session_time', sessionTime());
  if (call('LMSCommit', '') !== 'true')
    say(
      'Your learning platform did not take the last answer. Check the connection: it is sent again with the next one.',
    );
  else if (ends) say('The lesson is finished: {} of 100 points are recorded.', points);
  else if (count === 0) say('Recorded.');
  else say('Recorded: {} of {} questions done.', done, count);
}

let left = false;
function leave() {
  if (left || !connected) return;
  left = true;
  if (records) {
    set('cmi.core.session_time', sessionTime());
    set('cmi.core.exit', finished ? '' : 'suspend');
    call('LMSCommit', '');
  }
  call('LMSFinish', '');
}

/** Which scenario the frame shows. @type {string | null} */
let own = null;
let away = false;

/** @param {Record<string, any>} told a `ready` message */
function opened({ preset, title }) {
  const shown = `${preset} ${title}`;
  own ??= shown;
  if (away === (shown !== own)) return;
  away = !away;
  if (!away) return greet();
  const back = document.createElement('button');
  back.textContent = words('Back to the lesson');
  back.addEventListener('click', load);
  line.replaceChildren(words('This is another scenario: nothing of it is recorded.'), ' ', back);
}

function greet() {
  if (!connected) say('No learning platform answers here: the lesson runs, but nothing is recorded.');
  else if (!records) say('You are looking back: nothing is recorded.');
  else if (kept !== '') say('You go on where you stopped.');
  else say('What you answer is recorded by your learning platform.');
}

let visits = 0;
function load() {
  if (latest !== '') address.searchParams.set('state', latest);
  // Another address, or the frame would only follow what stands behind the `#`.
  if (visits > 0) address.searchParams.set('visit', String(visits));
  visits += 1;
  frame.src = address.href;
}

addEventListener('message', ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== address.origin || data?.tandem !== VERSION) return;
  if (data.type === 'hello')
    frame.contentWindow?.postMessage({ tandem: VERSION, type: 'hello', listen: ['size', 'score'] }, origin);
  else if (data.type === 'size') frame.style.minHeight = `${Math.ceil(data.height)}px`;
  else if (data.type === 'ready') opened(data);
  else if (data.type === 'score') record(data);
});
addEventListener('pagehide', leave);
// Come back to from the history, the lesson has been left.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
if (records && !KNOWN.includes(status)) {
  set('cmi.core.lesson_status', 'incomplete');
  call('LMSCommit', '');
}
greet();
load();
