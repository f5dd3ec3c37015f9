'use strict';
/* Two recordings beside each other. */

/** Of what comes after the place where they part, no more is compared. */
const MOST_COMPARED = 400;
const ROWS_BEFORE = 6;
const ROWS_AFTER = 30;

/** Two processes have lived through one time, each in its own way. Two runs of one are the same up to a place. */
const areTwoProcesses = (left, right) => left.start.controller !== right.start.controller;

/** What an entry tells: when it was, numbers and versions don't count. */
const telling = ({ kind, network, resource, object, type, event, cause, after, how, outcome, words, delays = [] }) =>
  JSON.stringify([kind, network, resource, object, type, event, cause, after, how, outcome, words, delays.map(telling)]);

/** The positions where two runs begin to be compared: the one may have dropped more than the other, of the same numbers. */
function beginnings(left, right) {
  if (!left.first || !right.first) return [left.begin, right.begin];
  const isOne = left.start.at === right.start.at && left.first.seq !== right.first.seq;
  const seq = Math.max(left.first.seq, right.first.seq);
  return [left, right].map((each) => (isOne ? each.upTo('seq', seq - 1) : each.begin));
}

/** How many entries at the beginning tell the same. */
function sameBeginning(left, right, [i, j]) {
  let same = 0;
  while (i + same < left.end && j + same < right.end && telling(left.at(i + same)) === telling(right.at(j + same))) same++;
  return same;
}

/** The entries between two positions, as far as they are there. */
function entriesBetween(recording, from, to) {
  const entries = [];
  for (let at = Math.max(from, recording.begin); at < Math.min(to, recording.end); at++) entries.push(recording.at(at));
  return entries;
}

/** Rows of two entries: those that tell the same stand side by side, as many as can; each of the others has a row. */
function sideBySide(a, b) {
  const [left, right] = [a, b].map((entries) => entries.map(telling));
  const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i][j] =
        left[i] === right[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
  const rows = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && left[i] === right[j]) rows.push([a[i++], b[j++]]);
    else if (j >= b.length || (i < a.length && longest[i + 1][j] >= longest[i][j + 1])) rows.push([a[i++], undefined]);
    else rows.push([undefined, b[j++]]);
  }
  return rows;
}

/** What the answer depends on. */
const sidesKey = ({ recording, position }) => [
  recording.end,
  page.second?.end,
  page.second && areTwoProcesses(recording, page.second) ? position : '',
];

function sidesAnswer({ recording, moment }, second) {
  return areTwoProcesses(recording, second) ? processesAnswer(recording, second, moment) : runsAnswer(recording, second);
}

/** Rows of one entry, of the one or of the other, in the order of their clocks, around a moment. */
function processesAnswer(left, right, moment) {
  const now = left.start.at * 1000 + moment;
  const near = [left, right].flatMap((recording, side) => {
    const position = recording.upTo('t', now - recording.start.at * 1000);
    return entriesBetween(recording, position - ROWS_AFTER / 2, position + ROWS_AFTER / 2).map((entry) => ({
      time: recording.start.at * 1000 + entry.t,
      row: side ? [undefined, entry] : [entry, undefined],
    }));
  });
  near.sort((a, b) => a.time - b.time);
  const at = near.findLastIndex(({ time }) => time <= now);
  const from = Math.max(0, at - ROWS_AFTER / 2);
  const rows = near.slice(from, at + ROWS_AFTER / 2).map(({ row }) => row);
  return [
    el(
      'p',
      {},
      'These are two processes, by the clocks of their machines. The marked row is the last one up to this moment. ',
      swapButton(),
    ),
    sidesTable(left, right, rows, (row) => (row === at - from ? 'differs' : '')),
  ];
}

function runsAnswer(left, right) {
  const [i, j] = beginnings(left, right);
  const same = sameBeginning(left, right, [i, j]);
  if (i + same === left.end && j + same === right.end)
    return [el('p', {}, `The two recordings tell the same story, of ${count(same, 'entry', 'entries')}.`)];
  const before = Math.min(same, ROWS_BEFORE);
  const parts = (recording, at) => entriesBetween(recording, at + same - before, at + same + MOST_COMPARED);
  const rows = sideBySide(parts(left, i), parts(right, j)).slice(0, before + ROWS_AFTER);
  const [here, next] = rows.slice(before);
  if (!here[1] && next && !next[0]) rows.splice(before, 2, [here[0], next[1]]);
  const classOf = (row) => (row === before ? 'differs' : rows[row].includes(undefined) ? 'alone' : '');
  const ended = [i + same === left.end, j + same === right.end];
  return [
    el(
      'p',
      {},
      `The first ${count(same, 'entry is the same', 'entries are the same')}. The marked row is where they part; `,
      'below it, entries that tell the same stand side by side. ',
      swapButton(),
    ),
    sidesTable(left, right, rows, classOf, (row, side) => row === before && ended[side]),
  ];
}
const swapButton = () => el('button', { id: 'swap' }, 'Show the other one on this page');

function sidesTable(left, right, rows, classOf, hasEnded = () => false) {
  const cell = (recording, entry, row, side) => {
    if (!entry) return hasEnded(row, side) ? 'the recording has ended' : '–';
    const words = `${clock(recording, entry.t)} ${wordsOf(entry)}`;
    return side ? words : entryButton(entry, words);
  };
  const heads = [`Shown on this page: ${left.label}`, `Beside it: ${right.label}`];
  const cells = rows.map(([one, other], row) => [cell(left, one, row, 0), cell(right, other, row, 1)]);
  const table = tableOf(heads, cells, 'sides');
  [...table.tBodies[0].rows].forEach((line, row) => (line.className = classOf(row)));
  return table;
}
