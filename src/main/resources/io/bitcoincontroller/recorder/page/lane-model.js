'use strict';
/* Where things stand in the lanes: columns, beads, capsules and bars. */

const LANES = ['watch', 'store', 'queue', 'plan', 'calls'];
const LANE_OF = {
  watch: 'watch',
  world: 'watch',
  change: 'store',
  cause: 'queue',
  pass: 'plan',
  observed: 'plan',
  unanswered: 'plan',
  status: 'plan',
  plan: 'plan',
  end: 'plan',
  call: 'calls',
  leader: 'calls',
  gone: 'calls',
};
const LANE_TOPS = { watch: 22, store: 56, queue: 90, plan: 152, calls: 206 };
const LANE_HEIGHTS = { watch: 34, store: 34, queue: 62, plan: 54, calls: 74 };
const LANES_BOTTOM = 280;
const LEFT = 56;
const RIGHT = 96;
const COLUMN = 21;
const MOST_SCANNED = 4000;

/** The column of an entry: a cause stands below its change, and the calls of one pass with one outcome are one stack. */
function columnKey(entry) {
  if (entry.kind === 'cause' && entry.of) return `e${entry.of}`;
  if (entry.kind === 'call') return `c${entry.pass} ${entry.to} ${entry.lane} ${entry.outcome}`;
  return `e${entry.seq}`;
}

/**
 * What the lanes show around a position: columns of equal width, one for each thing that happened, so that what takes
 * microseconds is seen as well as what takes minutes.
 */
function laneModel({ recording, position, network }, all, live, width) {
  const most = Math.max(8, Math.floor((width - LEFT - RIGHT) / COLUMN));
  const shown = (entry) =>
    LANE_OF[entry.kind] &&
    (all || !entry.network || entry.network === network) &&
    (all || entry.kind !== 'change' || entry.network);
  const entries = [];
  const keys = new Set();
  const collect = (from, direction, limit) => {
    for (
      let at = from;
      at >= recording.begin && at < recording.end && Math.abs(at - from) < MOST_SCANNED;
      at += direction
    ) {
      const entry = recording.at(at);
      if (!shown(entry)) continue;
      if (keys.size >= limit && !keys.has(columnKey(entry))) break;
      keys.add(columnKey(entry));
      entries.push(entry);
    }
  };
  collect(position, 1, live ? 0 : Math.floor(most * 0.28));
  collect(position - 1, -1, most);
  entries.sort((a, b) => a.seq - b.seq);
  return placed(entries, recording.at(position - 1)?.seq ?? 0);
}

/** Gives each entry its column, and joins beads to capsules and passes to bars. */
function placed(entries, lastSeq) {
  const columns = new Map();
  const beads = new Map();
  const bars = new Map();
  const stacks = new Map(); // column -> how many calls it has
  const capsules = [];
  const open = new Map(); // network -> its capsule that no pass has taken yet
  const taken = new Map(); // network -> its last pass, and the capsule that it took
  let nowColumn = -1;
  const intoCapsule = (bead, network) => {
    const capsule = open.get(network) ?? { network, from: bead.column, beads: [], later: bead.later };
    open.has(network) || (open.set(network, capsule), capsules.push(capsule));
    capsule.beads.push(bead);
    capsule.to = bead.column;
  };
  for (const entry of entries) {
    const key = columnKey(entry);
    const column = columns.get(key)?.column ?? columns.size;
    columns.has(key) || columns.set(key, { column, t: entry.t });
    const later = entry.seq > lastSeq;
    if (!later) nowColumn = Math.max(nowColumn, column);
    const bead = { entry, column, later, stack: 0 };
    if (entry.kind === 'call') {
      bead.stack = stacks.get(column) ?? 0;
      stacks.set(column, bead.stack + 1);
    }
    beads.set(entry.seq, bead);
    if (entry.kind === 'cause') {
      const { pass, capsule } = taken.get(entry.network) ?? {};
      if (named(pass, entry)) {
        beads.delete(`${pass.seq} ${entry.id}`);
        capsule.beads = [...capsule.beads.filter((each) => each.entry.id !== entry.id), bead];
        capsule.to = Math.max(capsule.to, column);
      } else {
        intoCapsule(bead, entry.network);
      }
    }
    if (LANE_OF[entry.kind] === 'plan') {
      const bar = bars.get(entry.pass) ?? { pass: entry.pass, network: entry.network, from: column, marks: [], later };
      bars.set(entry.pass, bar);
      bar.to = column;
      bar.marks.push(bead);
      if (entry.kind === 'end') bar.end = entry;
      if (entry.kind === 'pass') {
        const capsule = open.get(entry.network) ?? { network: entry.network, from: column, beads: [], later };
        const left = new Set(notTakenBy(entry, capsule.beads.map((each) => each.entry)));
        const leftBeads = capsule.beads.filter((each) => left.has(each.entry));
        capsule.beads = capsule.beads.filter((each) => !left.has(each.entry));
        const known = new Set(capsule.beads.map(({ entry: cause }) => cause.id));
        const unseen = (entry.causes ?? []).filter((cause) => cause.id && !cause.of && !known.has(cause.id)); // delays that are over
        capsule.beads.push(
          ...unseen.map((cause) => ({
            entry: { ...cause, kind: 'cause', network: entry.network, seq: `${entry.seq} ${cause.id}` },
            column,
            later,
            stack: 0,
          })),
        );
        Object.assign(capsule, { to: column, takenBy: entry.pass });
        taken.set(entry.network, { pass: entry, capsule });
        if (!open.delete(entry.network)) capsules.push(capsule);
        capsule.beads.forEach((each) => beads.set(each.entry.seq, each));
        leftBeads.forEach((each) => intoCapsule(each, entry.network));
      }
    }
  }
  for (const { entry, column } of beads.values()) {
    const bar = entry.kind === 'call' && bars.get(entry.pass);
    if (bar && !bar.end) bar.to = Math.max(bar.to, column);
  }
  return {
    columns: [...columns.values()],
    beads: [...beads.values()],
    capsules: capsules.filter((capsule) => capsule.beads.length),
    bars: [...bars.values()],
    stacks,
    nowColumn,
  };
}

/** Rows, so that what overlaps lies one above the other. Gives each interval its row, and returns how many there are. */
function packed(intervals, mostRows) {
  const ends = [];
  for (const interval of intervals) {
    const row = ends.findIndex((end) => end < interval.from);
    interval.row = row >= 0 ? row : Math.min(ends.length, mostRows - 1);
    ends[interval.row] = Math.max(ends[interval.row] ?? -1, interval.to);
  }
  return Math.max(1, ends.length);
}
const xOf = (column) => LEFT + column * COLUMN + COLUMN / 2;

/** From when to when the plans of a network said that its condition Meshed is not True. */
function unmeshedTimes(recording, network, last) {
  const plans = [...recording.passes.values()].flat().filter((entry) => entry.kind === 'plan');
  const turns = [...plans, ...recording.state.gone].filter((entry) => entry.network === network);
  turns.sort((a, b) => a.t - b.t);
  const times = [];
  turns.forEach(({ t, conditions = [] }, at) => {
    if (!conditions.some(({ type, status }) => type === 'Meshed' && status !== 'True')) return;
    const until = turns[at + 1]?.t ?? last;
    times.at(-1)?.[1] === t ? (times.at(-1)[1] = until) : times.push([t, until]);
  });
  return times;
}

/** How many passes began in each part of the recording; the height of a part is that of the busiest. */
function densityOf(recording, from, to, parts) {
  const counts = new Array(parts).fill(0);
  const troubles = new Array(parts).fill(0);
  for (const entries of recording.passes.values()) {
    const at = Math.min(parts - 1, Math.max(0, Math.floor(((entries[0].t - from) / Math.max(1, to - from)) * parts)));
    counts[at]++;
    const end = entries.find((entry) => entry.kind === 'end');
    if (end && outcomeOf(end)[1] === 'bad') troubles[at]++;
  }
  return { counts, troubles, most: Math.max(1, ...counts) };
}
