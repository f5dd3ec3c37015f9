'use strict';
/* The document: what a person has chosen, and how it is drawn. */

const $ = (id) => document.getElementById(id);
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const FRAME_MILLIS = 100;
const TRY_AGAIN_MILLIS = 2000;

/** All that a person has chosen, and where entries come from. */
const page = {
  recording: new Recording({ at: Date.now(), mono: 0, controller: '' }, DEFAULT_BYTES),
  second: undefined,
  isFile: false,
  network: '',
  live: true,
  moment: 0,
  mark: undefined,
  node: undefined,
  nodeBefore: undefined, // the one that was chosen before it: two nodes are a pair
  focus: undefined,
  lesson: undefined, // the name of its recording, and its place in the list of lessons
  panel: 'now',
  all: false,
  filter: '', // of all entries: a kind, or words
  slowest: false,
  recent: false, // of all entries those of the last minute
  stack: undefined, // the calls that stand above each other in the lanes, as a column's key
  unfolded: false,
  stream: undefined,
  connected: false,
  offset: 0, // what is added to this browser's clock to get t
  lost: 0, // the t when the connection was lost
};

function choose(choice) {
  Object.assign(page, choice);
  changed();
}

/** The newest moment: of a file that of its last entry; of a controller now. */
function newest() {
  const last = page.recording.last?.t ?? 0;
  return page.isFile || !page.recording.last
    ? last
    : Math.max(last, page.connected ? performance.now() * 1000 + page.offset : page.lost);
}
const momentShown = () => (page.live ? newest() : page.moment);

// Drawing: at most ten times in a second, only what has changed, and only what is seen.

let drawnAt = 0;
let drawPlanned = false;
const keys = new Map();
const hidden = new Set(); // elements that are scrolled out of sight

function changed() {
  if (!drawPlanned && !document.hidden) {
    drawPlanned = true;
    setTimeout(() => requestAnimationFrame(draw), Math.max(0, FRAME_MILLIS - (performance.now() - drawnAt)));
  }
}

/** Builds a part of the page anew if its key is another one than before; the focus stays where it was. */
function part(id, key, build) {
  const element = $(id);
  if (keys.get(id) === key || hidden.has(element.ownerSVGElement ?? element)) return;
  keys.set(id, key);
  const focused = element.contains(document.activeElement) ? document.activeElement : undefined;
  const at = focused && [...element.querySelectorAll('button')].indexOf(focused);
  element.replaceChildren(...[build()].flat().filter(Boolean));
  if (focused) {
    const buttons = [...element.querySelectorAll('button')];
    const isSame = ({ dataset: { seq, moment } }) =>
      (seq && seq === focused.dataset.seq) || (moment && moment === focused.dataset.moment);
    (buttons.find(isSame) ?? buttons[at])?.focus();
  }
}

function draw() {
  drawPlanned = false;
  drawnAt = performance.now();
  chooseNetwork();
  const view = viewOf(page.recording, momentShown(), page.network);
  drawTime(view);
  drawMesh(view);
  drawLanes(view);
  drawAnswer(view);
  const pass = view.pass;
  part(
    'pass',
    [
      generation,
      page.network,
      pass?.number,
      pass?.observed?.seq,
      pass?.plan?.seq,
      pass?.calls.length,
      pass?.end?.seq ?? Math.floor(view.moment / 1e4),
      page.unfolded,
    ].join(),
    () => passCard(view, page.unfolded),
  );
  drawSource(view);
  drawStops(view);
  say(summaryOf(view));
}
