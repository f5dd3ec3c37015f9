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
 * quiet: the last pass that found all as the stored status says, and tells no more than that, if none has told more since.
 * changed: the last change that concerns a pass, until its cause comes. unanswered: since when nodes have not answered
 * how they are, by ordinal, as a pass found.
 */
const NEW_NETWORK = {
  pass: undefined,
  observed: undefined,
  quiet: undefined,
  plan: undefined,
  end: undefined,
  waiting: [],
  delay: undefined,
  changed: undefined,
  ignored: [],
  ignoredInAll: 0,
  unanswered: { pass: undefined, since: {} },
};
const MOST_IGNORED = 8;
const MOST_GONE = 50;
/** For so long a node is marked that has a new block. */
const NEW_BLOCK_MICROS = 4e6;

/** Takes one entry into the state. */
function step(state, entry) {
  const known = knownAt(state, entry.network, entry.t);
  const now = (change) => state.networks.set(entry.network, { ...known, ...change });
  switch (entry.kind) {
    case 'watch':
      state.watches.set(`${entry.resource} ${entry.namespace ?? ''}`, entry);
      break;
    case 'leader':
      state.leader = entry;
      if (isShutDown(state))
        state.networks.forEach((each, network) => state.networks.set(network, { ...each, waiting: [], delay: undefined }));
      break;
    case 'change':
      if (entry.network && entry.concerns) now({ changed: entry });
      else if (entry.network)
        now({ ignored: [...known.ignored, entry].slice(-MOST_IGNORED), ignoredInAll: known.ignoredInAll + 1 });
      break;
    case 'cause':
      now({
        waiting: named(known.pass, entry) || entry.how === 'refused' ? known.waiting : [...known.waiting, entry],
        changed: entry.of && entry.of === known.changed?.seq ? undefined : known.changed,
      });
      break;
    case 'pass':
      now({
        pass: entry,
        ...leftBy(entry, known),
        ignored: [],
        ignoredInAll: 0,
      });
      break;
    case 'unanswered':
      now({ unanswered: unansweredOf(entry) });
      break;
    case 'call':
      if (saysHowItIs(entry) && nodeOf(entry) in known.unanswered.since) {
        const { [nodeOf(entry)]: _, ...since } = known.unanswered.since;
        now({ unanswered: { ...known.unanswered, since } });
      }
      break;
    case 'observed':
      now({
        ...(entry.as ? { quiet: entry } : { observed: entry, quiet: undefined }),
        unanswered: known.unanswered.pass === entry.pass ? known.unanswered : NEW_NETWORK.unanswered,
      });
      break;
    case 'plan':
      now({ plan: entry });
      break;
    case 'end':
      now({ end: entry, delay: isShutDown(state) ? known.delay : delaysOf(entry).reduce(earlier, known.delay) });
      break;
    case 'gone':
      // a pass that was asked for comes all the same, and finds nothing
      known.delay ? state.networks.set(entry.network, { ...NEW_NETWORK, delay: known.delay }) : state.networks.delete(entry.network);
      state.gone = [...state.gone, entry].slice(-MOST_GONE);
      break;
  }
}

/** The looks that a pass asked for, as its end tells. */
const delaysOf = ({ delays = [], seq, t, pass, network }) =>
  delays.map((delay) => ({ ...delay, kind: 'delay', seq, t, pass, network, due: t + delay.after }));

function unansweredOf({ pass, t, nodes, most }) {
  return { pass, since: Object.fromEntries(nodes.map(({ ordinal, micros }) => [ordinal, t - micros])), most };
}

/** All that the page shows of a network at a moment. made: the calls of the pass that observed last; a later one may have begun. */
function viewOf(recording, moment, network) {
  const position = recording.upTo('t', moment);
  const state = recording.stateAt(position);
  const known = knownAt(state, network, moment);
  const pass = known.pass && passOf(recording, known.pass.pass, moment, known.pass);
  const { plan } = known;
  const observed = withUnanswered(known, moment);
  const made = callsOf(recording, observed?.pass, moment);
  const grown = observed && moment - observed.t < NEW_BLOCK_MICROS ? known.observed.grown : [];
  return { recording, moment, network, position, state, known, pass, observed, plan, made, grown };
}

/** A node that has not answered for some time is shown as it was before: it says for how long, to a tenth of a second. */
function withUnanswered({ observed, unanswered: { since } }, moment) {
  if (!observed || !Object.keys(since).length) return observed;
  const silentFor = ({ ordinal }) => Math.floor((moment - since[ordinal]) / 1e5) * 1e5;
  const nodes = observed.nodes.map((node) => (node.ordinal in since ? { ...node, silentFor: silentFor(node) } : node));
  return { ...observed, nodes };
}

/** The calls of a pass that have ended by a moment. */
const callsOf = (recording, number, moment) =>
  (recording.passes.get(number) ?? []).filter((entry) => entry.kind === 'call' && entry.t <= moment);

/** A pass as far as it had come at a moment. */
function passOf(recording, number, moment, begin) {
  const all = recording.passes.get(number) ?? [];
  const one = (kind) => all.find((entry) => entry.kind === kind && entry.t <= moment);
  const pass = one('pass') ?? begin;
  const end = one('end');
  const [status, unanswered] = [one('status'), one('unanswered')];
  const causes = causesOf(recording, pass);
  const waited =
    pass.waited ?? (causes.length ? Math.max(0, pass.t - Math.min(...causes.map((cause) => cause.t))) : undefined);
  const calls = callsOf(recording, number, moment);
  return { number, begin: pass, observed: one('observed'), plan: one('plan'), unanswered, status, end, calls, causes, waited };
}

/** The causes of a pass, as entries. One that is not known has the time of the pass. */
function causesOf(recording, pass) {
  if (!pass?.causes?.length) return [];
  const before = knownAt(recording.stateAt(recording.upTo('seq', pass.seq - 1)), pass.network, pass.t);
  if (pass.more > 0 && before.waiting.length > pass.causes.length) {
    const left = new Set(notTakenBy(pass, before.waiting));
    return before.waiting.filter((cause) => !left.has(cause));
  }
  const unknown = (cause) => ({ ...cause, kind: 'cause', network: pass.network, t: pass.t });
  return pass.causes.map((cause) => before.waiting.find((entry) => entry.id === cause.id) ?? unknown(cause));
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
