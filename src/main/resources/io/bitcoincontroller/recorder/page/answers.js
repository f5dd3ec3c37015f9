'use strict';
/* The answers that are tables. */

const MINUTE_MICROS = 60e6;

/** The entries before this moment, the newest first; or the calls among them, the slowest first; or the calls of one stack. */
function entriesTable(view, { all, filter, slowest, recent, stack }) {
  const { recording, position, network, moment } = view;
  const has = filterOf(filter);
  const from = recent ? moment - MINUTE_MICROS : -1;
  const wanted = (entry) => (all || !entry.network || entry.network === network) && entry.t >= from && has(entry);
  const found = stack
    ? stackOf(recording, stack)
    : slowest
      ? slowestCalls(recording, position, wanted)
      : newestEntries(recording, position, wanted);
  const entries = stack ? found : found.slice(0, MOST_ROWS);
  const dropped = (recording.start.dropped ?? 0) + recording.begin;
  const [first, most] = slowest ? ['The slowest call comes first', 'slowest'] : ['The newest comes first', 'last'];
  const before = `${recent ? 'of the minute ' : ''}before this moment`;
  const order = stack
    ? `The ${count(entries.length, 'call')} of this stack.`
    : found.length === entries.length
      ? `${first}; there are ${entries.length} ${before}.`
      : `${first}; only the ${most} ${MOST_ROWS} ${before} are shown.`;
  const rows = entries.map((entry) => [
    clock(recording, entry.t),
    LANE_OF[entry.kind] ?? 'queue',
    entryButton(entry, wordsOf(entry)),
  ]);
  return [
    el(
      'p',
      { className: 'soft' },
      order,
      dropped ? ` ${count(dropped, 'older entry', 'older entries')} fell out of the ring.` : '',
    ),
    el('div', { className: 'scroll' }, tableOf(['time', 'lane', 'entry'], rows, 'entries')),
  ];
}

/** An entry is wanted if its kind is what was typed, or if its words contain it. */
function filterOf(typed) {
  const filter = typed.trim().toLowerCase();
  return (entry) => !filter || entry.kind === filter || wordsOf(entry).toLowerCase().includes(filter);
}

const stackOf = (recording, stack) =>
  [...recording.passes.values()].flat().filter((entry) => entry.kind === 'call' && columnKey(entry) === stack);

function slowestCalls(recording, position, wanted) {
  const calls = [];
  for (let at = recording.begin; at < position; at++) {
    const entry = recording.at(at);
    if (entry.kind === 'call' && wanted(entry)) calls.push(entry);
  }
  return calls.sort((a, b) => (b.micros ?? 0) - (a.micros ?? 0));
}

/** One more than are shown, if there are so many. */
function newestEntries(recording, position, wanted) {
  const entries = [];
  for (let at = position - 1; at >= recording.begin && entries.length <= MOST_ROWS; at--)
    if (wanted(recording.at(at))) entries.push(recording.at(at));
  return entries;
}

function compareAnswer(view, mark) {
  if (mark === undefined)
    return [
      el(
        'p',
        {},
        'Go to a moment, and mark it. Then go to another one: here stands what was different between the two.',
      ),
    ];
  const [before, after] = [viewOf(view.recording, mark, view.network), view];
  const rows = differences(before, after).map(({ what, old, fresh }) => [what, old, fresh]);
  const times = `the mark (${clock(view.recording, mark)}) and this moment (${clock(view.recording, view.moment)})`;
  return rows.length
    ? [
        el('p', {}, `${count(rows.length, 'difference')} between ${times}:`),
        el('div', { className: 'scroll' }, tableOf(['what', 'at the mark', 'at this moment'], rows, 'thirds')),
      ]
    : [el('p', {}, `Nothing is different between ${times}.`)];
}
