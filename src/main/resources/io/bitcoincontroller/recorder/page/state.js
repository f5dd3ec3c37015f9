'use strict';
/* The state at a moment: a fold over entries. */

function nothingYet() {
  return { leader: undefined, watches: new Map(), networks: new Map(), gone: [] };
}

/** What a state holds of a network is never changed, only replaced: a copy of the maps is a copy of all. */
function copyOf(state) {
  return { ...state, watches: new Map(state.watches), networks: new Map(state.networks) };
}

/**
 * What is known of a network. pass, observed, plan, end: the last entry of that kind. waiting: the causes that
 * no pass has taken yet. delay: the key's earliest time. ignored: the last changes since then that concern nothing.
 */
const NEW_NETWORK = {
  pass: undefined,
  observed: undefined,
  plan: undefined,
  end: undefined,
  waiting: [],
  delay: undefined,
  ignored: [],
  ignoredInAll: 0,
};
const MOST_IGNORED = 8;
const MOST_GONE = 50;
/** For so long a node is marked that has a new block. */
const NEW_BLOCK_MICROS = 4e6;

/** Takes one entry into the state. */
function step(state, entry) {
  const known = state.networks.get(entry.network) ?? NEW_NETWORK;
  const now = (change) => state.networks.set(entry.network, { ...known, ...change });
  switch (entry.kind) {
    case 'watch':
      state.watches.set(`${entry.resource} ${entry.namespace ?? ''}`, entry);
      break;
    case 'leader':
      state.leader = entry;
      break;
    case 'change':
      if (entry.network && !entry.concerns)
        now({ ignored: [...known.ignored, entry].slice(-MOST_IGNORED), ignoredInAll: known.ignoredInAll + 1 });
      break;
    case 'cause':
      now({
        waiting: named(known.pass, entry) ? known.waiting : [...known.waiting, entry],
        delay: stillDelayed(known.delay, entry),
      });
      break;
    case 'delay':
      now({
        delay: earlier(
          known.delay,
          { ...entry, due: entry.due ?? entry.t + entry.after, why: entry.why ?? entry.cause },
          entry.t,
        ),
      });
      break;
    case 'pass':
      now({
        pass: entry,
        waiting: notTakenBy(entry, known.waiting),
        ignored: [],
        ignoredInAll: 0,
        delay: known.delay && known.delay.due > entry.t + 1000 ? known.delay : undefined,
      });
      break;
    case 'observed':
    case 'plan':
    case 'end':
      now({ [entry.kind]: entry });
      break;
    case 'gone':
      state.networks.delete(entry.network);
      state.gone = [...state.gone, entry].slice(-MOST_GONE);
      break;
  }
}

/** Whether a pass names this cause. A cause and the pass that takes it are recorded by two threads, in either order. */
const named = (pass, cause) => Boolean(pass?.causes?.some(({ id }) => id === cause.id));

/**
 * Of the causes that wait those that a pass leaves to the next one: it takes those that it names, and of the others, if it
 * counts more than it names, the earliest.
 */
const notTakenBy = (pass, waiting) =>
  pass.causes ? waiting.filter((cause) => !named(pass, cause)).slice(pass.more ?? 0) : [];

/** A delay is over when it has become a cause. */
function stillDelayed(delay, cause) {
  return delay && delay.why === cause.cause && delay.due <= cause.t + 1000 ? undefined : delay;
}

/** A key waits for one time only: the earliest that was asked for and is not over. */
function earlier(old, fresh, now) {
  return old && old.due > now && old.due <= fresh.due ? old : fresh;
}

/** All that the page shows of a network at a moment. made: the calls of the pass that observed last; a later one may have begun. */
function viewOf(recording, moment, network) {
  const position = recording.upTo('t', moment);
  const state = recording.stateAt(position);
  const known = state.networks.get(network) ?? NEW_NETWORK;
  const pass = known.pass && passOf(recording, known.pass.pass, moment, known.pass);
  const { observed, plan } = known;
  const made = callsOf(recording, observed?.pass, moment);
  const grown = observed && moment - observed.t < NEW_BLOCK_MICROS ? observed.grown : [];
  return { recording, moment, network, position, state, known, pass, observed, plan, made, grown };
}

/** The calls of a pass up to a moment. A pass that has ended has the calls, too, that ended after it. */
function callsOf(recording, number, moment) {
  const all = recording.passes.get(number) ?? [];
  const hasEnded = all.some((entry) => entry.kind === 'end' && entry.t <= moment);
  return { hasEnded, calls: all.filter((entry) => entry.kind === 'call' && (hasEnded || entry.t <= moment)) };
}

/** A pass as far as it had come at a moment. */
function passOf(recording, number, moment, begin) {
  const all = recording.passes.get(number) ?? [];
  const one = (kind) => all.find((entry) => entry.kind === kind && entry.t <= moment);
  const pass = one('pass') ?? begin;
  const end = one('end');
  const status = one('status');
  const causes = causesOf(recording, pass);
  const waited =
    pass.waited ?? (causes.length ? Math.max(0, pass.t - Math.min(...causes.map((cause) => cause.t))) : undefined);
  const { calls } = callsOf(recording, number, moment);
  return { number, begin: pass, observed: one('observed'), plan: one('plan'), status, end, calls, causes, waited };
}

/** The causes of a pass, as entries. A delay that is over may have no entry of its own: it has the time when it was due. */
function causesOf(recording, pass) {
  if (!pass?.causes?.length) return [];
  const before = recording.stateAt(recording.upTo('seq', pass.seq - 1)).networks.get(pass.network) ?? NEW_NETWORK;
  if (pass.more > 0 && before.waiting.length > pass.causes.length) {
    const left = new Set(notTakenBy(pass, before.waiting));
    return before.waiting.filter((cause) => !left.has(cause));
  }
  const over = (cause) => ({
    ...cause,
    kind: 'cause',
    network: pass.network,
    t: Math.min(before.delay?.due ?? pass.t, pass.t),
  });
  return pass.causes.map((cause) => before.waiting.find((entry) => entry.id === cause.id) ?? over(cause));
}

/** The nodes that have more blocks than in the observation before. */
function grownSince(before, observed) {
  const heights = new Map((before?.nodes ?? []).map((node) => [node.ordinal, node.height]));
  return (observed.nodes ?? []).filter((node) => node.height > heights.get(node.ordinal)).map((node) => node.ordinal);
}

/** Whether a node is among those that are written as 0-2,5. */
const isAmong = (spans, ordinal) =>
  (spans ?? '').split(',').some((span) => {
    const [from, to = from] = span.split('-');
    return span !== '' && Number(from) <= ordinal && ordinal <= Number(to);
  });

/** The number of a node's side, from 0; undefined: the network has only one. */
function sideOf({ sides = [] }, ordinal) {
  const side = sides.findIndex((spans) => isAmong(spans, ordinal));
  return side < 0 ? undefined : side;
}

/** Best blocks, those with the most nodes first. */
function tipsOf(observed) {
  const groups = Map.groupBy(
    (observed?.nodes ?? []).filter((node) => node.best),
    (node) => node.best,
  );
  const tips = [...groups].map(([best, nodes]) => ({
    best,
    height: nodes[0].height,
    nodes: nodes.map((node) => node.ordinal),
  }));
  return tips.sort((a, b) => b.nodes.length - a.nodes.length || (a.best < b.best ? -1 : 1));
}
const letterOf = (index) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[index] ?? `#${index + 1}`;
