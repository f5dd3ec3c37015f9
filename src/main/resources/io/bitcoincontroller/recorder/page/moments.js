'use strict';
/* Going to a moment, and the address that names it. */

function goTo(moment, focus) {
  choose({
    live: false,
    moment: Math.min(Math.max(moment, page.recording.first?.t ?? 0), newest()),
    focus,
    unfolded: false,
  });
}
const goLive = () => choose({ live: true, focus: undefined });

function goToEntry(seq) {
  const entry = page.recording.bySeq(seq);
  if (entry) {
    if (entry.network) page.network = entry.network;
    goTo(entry.t, seq);
  }
}

/** To the end of a pass, so that its card is whole. */
function goToPass(number) {
  const entries = page.recording.passes.get(number);
  if (entries) {
    page.network = entries[0].network;
    const end = entries.find((entry) => entry.kind === 'end') ?? entries.at(-1);
    goTo(end.t, end.seq);
  }
}

/** One entry that the lanes show, forth or back. */
function stepEntry(direction) {
  const { recording, network, all } = page;
  const shown = (entry) => LANE_OF[entry.kind] && (all || !entry.network || entry.network === network);
  const now = recording.upTo('t', momentShown());
  const focused =
    page.focus && recording.bySeq(page.focus)
      ? recording.upTo('seq', page.focus) - 1
      : now - 1 + (direction < 0 ? 1 : 0);
  const entry = recording.find(focused + direction, direction, shown);
  if (entry) goTo(entry.t, entry.seq);
}

function stepPass(direction) {
  const { recording, network } = page;
  const view = viewOf(recording, momentShown(), network);
  if (direction > 0 && isRunning(view.known)) return goToPass(view.pass.number);
  const from = view.pass?.begin
    ? recording.upTo('seq', view.pass.begin.seq) - 1
    : view.position - (direction > 0 ? 1 : 0);
  const entry = recording.find(from + direction, direction, (each) => each.kind === 'pass' && each.network === network);
  if (entry) goToPass(entry.pass);
}

let hash = '';
let hashAt = 0;

/** The address names the moment, the network and the mark; of a controller, while live, the network alone. Browsers limit how often it is set. */
function setHash() {
  const fields = new URLSearchParams();
  if (page.lesson) fields.set('lesson', page.lesson.name);
  if (!page.live || page.isFile) fields.set('t', Math.round(momentShown()));
  if (page.network) fields.set('network', page.network);
  if (page.mark !== undefined) fields.set('mark', Math.round(page.mark));
  const fresh = '#' + fields.toString().replaceAll('%2F', '/');
  if (fresh === hash) return;
  if (performance.now() - hashAt < 400) return void setTimeout(changed, 500);
  [hash, hashAt] = [fresh, performance.now()];
  history.replaceState(null, '', fresh);
}

function readHash() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const number = (name) => (/^\d+$/.test(fields.get(name) ?? '') ? Number(fields.get(name)) : undefined);
  const [t, mark] = [number('t'), number('mark')];
  choose({
    network: fields.get('network') ?? page.network,
    mark,
    live: t === undefined,
    moment: t ?? 0,
    panel: mark === undefined ? page.panel : 'compare',
  });
  const lesson = fields.get('lesson');
  if (lesson && lesson !== page.lesson?.name) openLesson(lesson, t);
}
