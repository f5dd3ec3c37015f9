'use strict';
/* What stands below the picture of the mesh. */

function summaryOf({ network, observed, plan, pass, recording, known: { quiet } }) {
  const calm = quiet ? ` Pass ${quiet.pass}, at ${clock(recording, quiet.t)}, found all as the stored status says.` : '';
  if (!observed && quiet) return `${network} is not observed in full up to this moment.${calm}`;
  if (!observed)
    return network
      ? `Nothing of ${network} is observed up to this moment.`
      : 'No network is recorded up to this moment.';
  const nodes = observed.nodes ?? [];
  const links = observed.links ?? [];
  const wanted = links.filter((link) => link.state !== 'unwanted');
  const heights = nodes.filter((node) => node.height !== undefined && node.state === 'up').map((node) => node.height);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const up = wanted.filter((link) => link.state === 'up').length.toLocaleString('en');
  const height = !heights.length ? 'no height is known' : low === high ? `height ${low}` : `heights ${low} to ${high}`;
  const conditions = (plan?.conditions ?? []).map((condition) => `${condition.type} ${condition.status}`).join(', ');
  const ready = nodes.filter((node) => node.ready).length;
  const sides = observed.sides ? `; ${observed.sides.length} sides without a link between them` : '';
  const saw = `${count(nodes.length, 'node')}, ${ready} ready; ${up} of ${count(wanted.length, 'wanted link')} up${sides}; ${height}`;
  const silent = nodes.filter(isSilent).map(({ ordinal }) => ordinal);
  const unanswered = silent.length ? ` No answer of ${nodesOf(silent)} by now: shown as before.` : '';
  const when = `as pass ${observed.pass} saw it at ${clock(recording, observed.t)}`;
  return `${network}, ${when}: ${saw}.${unanswered}${conditions ? ` ${conditions}.` : ''}${calm}`;
}

function legendOf(observed) {
  const links = observed?.links ?? [];
  const sample = (name) =>
    svg(
      'svg',
      { width: 34, height: 10, 'aria-hidden': 'true' },
      svg('path', { class: `link ${name}`, d: 'M0 5L34 5' }),
    );
  const elsewhere = links.filter((link) => link.to < 0).length;
  const stubs = elsewhere ? ` (${elsewhere.toLocaleString('en')} of them stubs: with no node of this network)` : '';
  const entries = Object.keys(LINKS).map((state) => [
    sample(state),
    `${LINKS[state]}: ${links.filter((link) => link.state === state).length.toLocaleString('en')}`,
    state === 'unwanted' ? stubs : '',
  ]);
  const both = links.filter((link) => link.both).length;
  const peers = observed?.declared ?? [];
  const diamond = () =>
    svg(
      'svg',
      { width: 14, height: 14, viewBox: '-12 -12 24 24', 'aria-hidden': 'true' },
      svg('path', { class: 'peer', d: DIAMOND }),
    );
  return el('ul', { className: 'legend' }, [
    ...entries.map((parts) => el('li', {}, ...parts)),
    both ? el('li', {}, `dialled by both: ${both.toLocaleString('en')}`) : undefined,
    peers.length
      ? el('li', {}, diamond(), `declared peers up: ${peers.filter((peer) => peer.up).length} of ${peers.length}`)
      : undefined,
  ]);
}

function sidesList({ sides = [] } = {}) {
  if (!sides.length) return [];
  const rows = sides.map((_, side) => el('li', {}, el('b', {}, `side ${side + 1}`), `: ${sideWords({ sides }, side)}`));
  return [el('h3', {}, 'Sides: no block travels between them'), el('ul', { className: 'legend' }, rows)];
}

function verdictOn(tips, { sides }) {
  if (sides) return 'The sides get no blocks from each other. What Synced says stands below.';
  const heights = tips.map((tip) => tip.height);
  return new Set(heights).size < heights.length
    ? 'Two blocks at one height: a fork.'
    : 'Best blocks of different heights: a fork, or nodes that are behind. What Synced says stands below.';
}

function tipsList(observed) {
  const tips = tipsOf(observed);
  const unknown = (observed?.nodes ?? []).filter((node) => !node.best).map((node) => node.ordinal);
  const dot = (index) =>
    svg(
      'svg',
      { width: 14, height: 14, 'aria-hidden': 'true' },
      svg('circle', { cx: 7, cy: 7, r: 6, class: `tip${Math.min(index, 5)}` }),
    );
  const verdict = tips.length > 1 ? verdictOn(tips, observed) : '';
  const rows = tips.map((tip, index) =>
    el(
      'li',
      { title: tip.best },
      dot(index),
      `${tips.length > 1 ? letterOf(index) + ': ' : ''}${shortHash(tip.best)} at height ${tip.height ?? '?'}: `,
      tip.nodes.length === observed.nodes.length ? 'all nodes' : nodesOf(tip.nodes),
    ),
  );
  const title = tips.length > 1 ? `${tips.length} best blocks` : 'Best block';
  return tips.length || unknown.length
    ? [
        el('h3', {}, title),
        verdict && el('p', { className: 'warn' }, verdict),
        el(
          'ul',
          { className: 'legend' },
          rows,
          unknown.length ? el('li', { className: 'soft' }, `not known: ${nodesOf(unknown)}`) : undefined,
        ),
      ]
    : [];
}

function conditionsList(plan) {
  const conditions = plan?.conditions ?? [];
  return conditions.length
    ? [
        el('h3', {}, plan.reports === false ? 'Conditions; the status is left to a later pass' : 'Conditions'),
        el(
          'ul',
          {},
          conditions.map(({ type, status, reason, message }) =>
            el(
              'li',
              {},
              el('b', { className: status === 'True' ? 'good' : 'bad' }, `${type} ${status}`),
              ` ${reason ?? ''}${message ? ': ' + message : ''}`,
            ),
          ),
        ),
      ]
    : [];
}

function meshTables(observed) {
  const nodes = observed?.nodes ?? [];
  const few = (observed?.links ?? []).filter((link) => link.state !== 'up' || nodes.length <= 17);
  const left = (observed?.links ?? []).length - few.length;
  return [
    tableOf(
      ['node', 'pod', 'address', 'height', 'best block', 'peers', 'state'],
      nodes.map((node) => [
        String(node.ordinal),
        node.pod ?? '–',
        node.address || '–',
        String(node.height ?? '–'),
        node.best ? shortHash(node.best) : '–',
        String(node.peers ?? '–'),
        stateOf(node) +
          (isSilent(node) ? `: no answer for ${lasts(node.silentFor)}` : '') +
          (node.words ? `: ${node.words}` : ''),
      ]),
      'nodes',
    ),
    el('h3', {}, `Links${left ? `: those that are not up (${left} more are up)` : ''}`),
    tableOf(
      ['from', 'to', 'state'],
      few
        .slice(0, 400)
        .map((link) => [
          String(link.from),
          nameOf(link.to),
          (LINKS[link.state] ?? link.state) + (link.both ? ', dialled by both' : ''),
        ]),
    ),
    ...((observed?.declared ?? []).length
      ? [
          el('h3', {}, 'Declared peers'),
          tableOf(
            ['node', 'peer', 'state'],
            observed.declared.map((peer) => [String(peer.node), peer.peer, peer.up ? 'up' : 'missing']),
          ),
        ]
      : []),
  ];
}
