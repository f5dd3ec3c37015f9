'use strict';
/* The story of two nodes: whether there is a link between them, and why. */

/** What is known of the link between two nodes. */
function linkStory({ recording, observed, pass, plan }, one, other) {
  if (!observed?.nodes?.length) return [line('Nothing was observed up to this moment.')];
  if (one === other) return [line('A node has no link to itself: choose two nodes.')];
  const isLink = (link) => (link.from === one && link.to === other) || (link.from === other && link.to === one);
  const links = (observed.links ?? []).filter(isLink);
  const lines = [];
  const seen = ref(observed, `Pass ${observed.pass}`);
  if (!links.length)
    lines.push(
      line(
        seen,
        ` saw no link between node ${one} and node ${other}, and wants none: the topology has none for these two, or one of them can’t be reached.`,
      ),
    );
  for (const link of links) lines.push(line(seen, ' ', linkWords(link)));
  for (const ordinal of [one, other]) {
    const node = observed.nodes.find((each) => each.ordinal === ordinal);
    const peer = observed.nodes.find((each) => each.ordinal === one + other - ordinal)?.address;
    const lists =
      !node?.listed || !peer
        ? ''
        : node.listed.some((entry) => entry === peer || entry.startsWith(peer + ':') || entry.startsWith(`[${peer}]`))
          ? ' It lists the other.'
          : ' It does not list the other.';
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
    for (const difference of about.slice(0, 8)) {
      const calls = closest(difference, callsFor(difference, Map.groupBy(pass?.calls ?? [], keyOfCall)), observed);
      lines.push(
        item(
          difference.words,
          calls.length ? '; ' : '; no call was made for it',
          ...calls.flatMap((call) => [ref(call, callWords(call)), ', ' + outcomeWords(call)]),
        ),
      );
    }
  } else {
    lines.push(line('The plan of that pass changes nothing between them.'));
  }
  return lines;
}

function linkWords({ from, to, state, twice }) {
  const pair = `the link between node ${from} and node ${to}`;
  const what = {
    up: `saw ${pair} up. One connection is enough for a pair, whoever has dialled it.`,
    missing: `saw that ${pair} is wanted and missing. The pass does not try it now.`,
    dialling: `saw that ${pair} is wanted and missing. The pass has it dialled.`,
    unwanted: `saw ${pair}, which is not wanted.`,
  };
  return (what[state] ?? `saw ${pair}: ${state}.`) + (twice ? ' It is there twice, and one of the two is closed.' : '');
}
const stateOf = ({ state = 'unknown', ready }) =>
  ready || state === 'absent' || state === 'not-ready' ? `${state}${ready ? ', ready' : ''}` : `${state}, not ready`;
const nameOf = (ordinal) => (ordinal < 0 ? 'elsewhere' : String(ordinal));

function nodeWords(node) {
  return [
    stateOf(node),
    node.address || 'without an address',
    node.height === undefined ? 'height unknown' : `height ${node.height}`,
    node.words,
  ]
    .filter(Boolean)
    .join(', ');
}
