'use strict';
/* The answers that are tables. */

function entriesTable({ recording, position, network }, all) {
  const rows = [];
  for (let at = position - 1; at >= recording.begin && rows.length < MOST_ROWS; at--) {
    const entry = recording.at(at);
    if (all || !entry.network || entry.network === network)
      rows.push([clock(recording, entry.t), LANE_OF[entry.kind] ?? 'queue', entryButton(entry, wordsOf(entry))]);
  }
  const dropped = (recording.start.dropped ?? 0) + recording.begin;
  return [
    el(
      'p',
      { className: 'soft' },
      `The newest comes first; the ${rows.length} before this moment.`,
      dropped ? ` ${count(dropped, 'older entry', 'older entries')} fell out of the ring.` : '',
    ),
    el('div', { className: 'scroll' }, tableOf(['time', 'lane', 'entry'], rows, 'entries')),
  ];
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

function sidesAnswer(left, right) {
  const { at, a, b, same } = divergence(left, right);
  if (same) return [el('p', {}, `The two recordings tell the same story, of ${count(a.length, 'entry', 'entries')}.`)];
  const cells = [];
  for (let row = Math.max(0, at - 6); row < Math.min(Math.max(a.length, b.length), at + 30); row++) {
    for (const [entries, recording, first] of [
      [a, left, true],
      [b, right, false],
    ]) {
      const entry = entries[row];
      const words = entry ? `${clock(recording, entry.t)} ${wordsOf(entry)}` : 'the recording has ended';
      cells.push(
        el('div', { className: row === at ? 'differs' : '' }, entry && first ? entryButton(entry, words) : words),
      );
    }
  }
  return [
    el(
      'p',
      {},
      `The first ${count(at, 'entry is the same', 'entries are the same')}. The marked ones are the first that differ. `,
      el('button', { id: 'swap' }, 'Show the other one above'),
    ),
    el('div', { className: 'sides' }, el('b', {}, 'shown above'), el('b', {}, 'beside it'), cells),
  ];
}
