'use strict';
/* The story of two nodes: whether there is a link between them, and why. */

/** What is known of the link between two nodes. */
function linkStory({ observed, plan: lastPlan, made }, one, other) {
  const plan = lastPlan?.pass === observed?.pass ? lastPlan : undefined;
  if (!observed?.nodes?.length) return [line('Nothing was observed up to this moment.')];
  if (one === other) return [line('A node has no link to itself: choose two nodes.')];
  const isLink = (link) => (link.from === one && link.to === other) || (link.from === other && link.to === one);
  const links = (observed.links ?? []).filter(isLink);
  const lines = [];
  const seen = ref(observed, `Pass ${observed.pass}`);
  if (!links.length) lines.push(line(seen, ' ', noLinkWords(observed, one, other)));
  for (const link of links) lines.push(line(seen, ' ', linkWords(link)));
  for (const ordinal of [one, other]) {
    const node = observed.nodes.find((each) => each.ordinal === ordinal);
    const peer = observed.nodes.find((each) => each.ordinal === one + other - ordinal)?.address;
    const has = peer && node?.listed ? node.listed.some((entry) => isAddressOf(entry, peer)) : undefined;
    const lists = has === undefined ? '' : has ? ' It lists the other.' : ' It does not list the other.';
    lines.push(item(node ? `Node ${ordinal} is ${nodeWords(node)}.${lists}` : `Node ${ordinal} was not observed.`));
  }
  const otherOf = new Map([
    [one, other],
    [other, one],
  ]);
  const names = (words, ordinal) =>
    new RegExp(`\\bnode ${ordinal}\\b`).test(words) ||
    words.split(/[\s()]+/).includes(observed.nodes.find((node) => node.ordinal === ordinal)?.address || '-');
  const about = (plan?.differences ?? []).filter(
    (each) => otherOf.has(each.node) && names(each.words, otherOf.get(each.node)),
  );
  if (about.length) {
    lines.push(line('The plan of that pass has for them:'));
    const groups = callGroups(made);
    for (const difference of about.slice(0, 8)) {
      const calls = closest(difference, callsFor(difference, groups), observed);
      lines.push(
        item(
          difference.words,
          calls.length ? '; ' : NO_CALL,
          ...calls.flatMap((call, at) => [at ? '; ' : '', ref(call, callWords(call)), ' ' + outcomeWords(call)]),
        ),
      );
    }
  } else {
    lines.push(line(plan ? 'The plan of that pass changes nothing between them.' : 'That pass has not planned yet.'));
  }
  return lines;
}

const isAddressOf = (entry, address) =>
  entry === address || entry.startsWith(address + ':') || entry.startsWith(`[${address}]`);

/** Why no link is wanted, from the recorded wiring. */
function noLinkWords(observed, one, other) {
  const pair = `saw no link between node ${one} and node ${other}, and wants none: `;
  const [node, peer] = [one, other].map((ordinal) => observed.nodes.find((each) => each.ordinal === ordinal));
  const [here, there] = [one, other].map((ordinal) => sideOf(observed, ordinal));
  if (here !== there)
    return `${pair}they are on different sides. Side ${here + 1} is ${sideWords(observed, here)}, side ${there + 1} is ${sideWords(observed, there)}.`;
  if (!isAmong(node?.shallList, other) && !isAmong(peer?.shallList, one)) {
    const lists = [node, peer].map((each) => `node ${each?.ordinal} shall list ${listWords(each)}`);
    return `${pair}the topology ${observed.topology} does not link them. By it, ${lists.join(', and ')}.`;
  }
  return `${pair}the topology ${observed.topology} links them, but only nodes that can be called count, and one of them, or both, can’t be:`;
}
const listWords = (node) =>
  node?.shallList ? `nodes ${node.shallList.replaceAll('-', '–').replaceAll(',', ', ')}` : 'none';
const sideWords = ({ sides }, side) => `nodes ${sides[side].replaceAll('-', '–').replaceAll(',', ', ')}`;

function linkWords({ from, to, state, both, oneWay }) {
  const pair = `the link between node ${from} and node ${to}`;
  const what = {
    up: both
      ? `saw ${pair} up. Each has dialled the other, so it is there twice, which does no harm.`
      : `saw ${pair} up. Node ${from} has dialled node ${to}, so node ${to} need not dial: one connection is enough for a pair.`,
    missing: `saw that ${pair} is wanted and missing. Node ${from} shall dial, and rests after a try.`,
    dialling: `saw that ${pair} is wanted and missing. It has node ${from} dial node ${to}.`,
    unwanted: `saw ${pair}, which is not wanted. Node ${from} has dialled, and closes it.`,
  };
  const only = oneWay ? ` Only node ${from} may dial here: spec.links says "${from}>${to}".` : '';
  return (what[state] ?? `saw ${pair}: ${state}.`) + only;
}
const stateOf = ({ state = 'unknown', ready }) =>
  ready || state === 'absent' || state === 'not-ready' ? `${state}${ready ? ', ready' : ''}` : `${state}, not ready`;
const nameOf = (ordinal) => (ordinal < 0 ? 'elsewhere' : String(ordinal));

function nodeWords(node) {
  return [
    stateOf(node),
    node.address || 'without an address',
    node.height === undefined ? 'height unknown' : `height ${node.height}`,
    isSilent(node) ? `as it was before: no answer for ${lasts(node.silentFor)}` : undefined,
    node.words,
  ]
    .filter(Boolean)
    .join(', ');
}
