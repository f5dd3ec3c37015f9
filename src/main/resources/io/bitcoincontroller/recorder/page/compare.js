'use strict';
/* What differs between two moments. */

const linkName = ({ from, to }) => (to < 0 ? `${from}–elsewhere` : `${Math.min(from, to)}–${Math.max(from, to)}`);

/** Rows of what is not the same in two views of a network. */
function differences(before, after) {
  const rows = [];
  const differ = (what, old, fresh) => {
    if ((old ?? '') !== (fresh ?? '')) rows.push({ what, old: old ?? '–', fresh: fresh ?? '–' });
  };
  const each = (name, oldList, freshList, keyOf, wordsOf) => {
    const old = new Map((oldList ?? []).map((one) => [keyOf(one), wordsOf(one)]));
    const fresh = new Map((freshList ?? []).map((one) => [keyOf(one), wordsOf(one)]));
    for (const key of new Set([...old.keys(), ...fresh.keys()])) differ(`${name} ${key}`, old.get(key), fresh.get(key));
  };
  const [a, b] = [before.observed, after.observed];
  differ('generation', a && String(a.generation), b && String(b.generation));
  differ('sides', a?.sides?.join(' | '), b?.sides?.join(' | '));
  each(
    'node',
    a?.nodes,
    b?.nodes,
    (node) => node.ordinal,
    (node) => nodeWords(node) + (node.best ? `, best block ${shortHash(node.best)}` : ''),
  );
  each(
    'link',
    a?.links,
    b?.links,
    linkName,
    (link) => (LINKS[link.state] ?? link.state) + (link.both ? ', dialled by both' : `, from node ${link.from}`),
  );
  each(
    'declared peer',
    a?.declared,
    b?.declared,
    (peer) => `${peer.peer} of node ${peer.node}`,
    (peer) => (peer.up ? 'up' : 'missing'),
  );
  each(
    'object',
    a?.children,
    b?.children,
    (child) => child.what,
    (child) => child.state + (child.words ? `: ${child.words}` : ''),
  );
  each(
    'condition',
    before.plan?.conditions,
    after.plan?.conditions,
    (condition) => condition.type,
    (condition) => `${condition.status}, ${condition.reason}: ${condition.message}`,
  );
  differ('plan', before.plan?.words, after.plan?.words);
  differ('last pass', before.known.pass && `${before.known.pass.pass}`, after.known.pass && `${after.known.pass.pass}`);
  differ('causes that wait', String(before.known.waiting.length), String(after.known.waiting.length));
  const nextLook = ({ delay }) => delay && delayWords(delay);
  differ('next', nextLook(before.known), nextLook(after.known));
  differ(
    'leader',
    before.state.leader && String(before.state.leader.leads),
    after.state.leader && String(after.state.leader.leads),
  );
  each(
    'watch',
    [...before.state.watches.values()],
    [...after.state.watches.values()],
    (entry) => `of ${entry.resource}${entry.namespace ? ' in ' + entry.namespace : ''}`,
    (entry) => entry.event,
  );
  return rows;
}
