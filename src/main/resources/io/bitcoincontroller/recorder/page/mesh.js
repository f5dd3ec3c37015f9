'use strict';
/* The picture of the mesh. */

const DIAMOND = 'M0 -10L10 0L0 10L-10 0Z';
const MOST_SINGLE_LINKS = 160;
const MOST_LABELS = 64;

/** Where nodes are: on a circle, node 0 at the top, clockwise; sides stand apart from each other. */
function circleOf({ nodes = [], sides = [] }) {
  const labels = nodes.length <= MOST_LABELS;
  const ring = labels ? 265 : 400;
  const radius = Math.max(2, Math.min(34, (ring * 2.5) / Math.max(nodes.length, 1)));
  const order = sides.length
    ? nodes.toSorted((a, b) => sideOf({ sides }, a.ordinal) - sideOf({ sides }, b.ordinal))
    : nodes;
  const gap = sides.length ? Math.max(1, nodes.length / 24) : 0; // between two sides, in places
  const slots = order.length + gap * sides.length;
  const places = new Map(
    order.map((node, index) => {
      const slot = index + gap * (sides.length ? sideOf({ sides }, node.ordinal) : 0);
      const angle = (slot / slots) * 2 * Math.PI - Math.PI / 2;
      return [node.ordinal, { angle, x: ring * Math.cos(angle), y: ring * Math.sin(angle) }];
    }),
  );
  const ys = [...places.values()].map(({ y }) => y);
  const margin = !labels ? 20 : nodes.length > 8 ? 530 - ring : 130;
  const [top, height] = [Math.min(...ys) - margin, Math.max(...ys) - Math.min(...ys) + 2 * margin];
  return { places, radius, labels, ring, box: `-500 ${fixed(top)} 1000 ${fixed(height)}` };
}

function nodeMarks(observed, chosen, grown) {
  const nodes = observed?.nodes ?? [];
  if (!nodes.length) {
    const words = observed ? 'This network has no nodes.' : 'Nothing is observed yet.';
    return [svg('text', { x: 0, y: 0, 'text-anchor': 'middle', 'font-size': 26, class: 'soft' }, words)];
  }
  const circle = circleOf(observed);
  const tips = tipsOf(observed);
  const tipOf = new Map(tips.flatMap((tip, index) => tip.nodes.map((ordinal) => [ordinal, index])));
  const marks = nodes.map((node) =>
    nodeMark(node, circle, tipOf.get(node.ordinal), tips.length > 1, chosen.includes(node.ordinal)),
  );
  const blocks = nodes.filter(({ ordinal }) => grown.includes(ordinal)).map((node) => blockMark(node, circle));
  return [...blocks, ...marks, ...declaredMarks(observed.declared ?? [], circle)];
}

/** Links that are up go first, so that what is wrong lies above them. Many of one state are one path. */
function linkLines(observed, chosen) {
  const { links = [], topology } = observed;
  const circle = circleOf(observed);
  const { places } = circle;
  const lines = [];
  const drawable = links.filter(({ from, to }) => places.has(from) && (to < 0 || places.has(to)));
  const path = ({ from, to }) => {
    const [a, b] = [places.get(from), to < 0 ? outside(places.get(from), circle) : places.get(to)];
    return `M${fixed(a.x)} ${fixed(a.y)}L${fixed(b.x)} ${fixed(b.y)}`;
  };
  const ofChosen = ({ from, to }) => chosen !== undefined && (from === chosen || to === chosen);
  for (const state of ['up', 'unwanted', 'dialling', 'missing']) {
    const group = drawable.filter((link) => link.state === state && !ofChosen(link));
    const aside = chosen === undefined ? '' : ' aside';
    if (group.length > MOST_SINGLE_LINKS || (state === 'up' && group.length > 60)) {
      lines.push(
        svg(
          'path',
          {
            class: `link many ${state}${aside}`,
            'stroke-opacity': state === 'up' ? Math.max(0.08, Math.min(0.35, 120 / group.length)) : 0.6,
            d: group.map(path).join(''),
          },
          titled(`${count(group.length, 'link')}: ${LINKS[state]}`),
        ),
      );
    } else {
      group.forEach((link) =>
        lines.push(svg('path', { class: `link ${state}${aside}`, d: path(link) }, titled(linkTitle(link)))),
      );
    }
  }
  drawable
    .filter(ofChosen)
    .forEach((link) =>
      lines.push(svg('path', { class: `link chosen ${link.state}`, d: path(link) }, titled(linkTitle(link)))),
    );
  const directed = drawable.filter(
    (link) => link.to >= 0 && !link.both && (ofChosen(link) || (topology === 'Custom' && chosen === undefined)),
  );
  return [...sideBands(observed, circle), ...lines, ...directed.map((link) => arrow(link, circle))];
}

/** Where a connection ends whose other end is no node of the network any more: beside the label, outside of the circle. */
function outside({ angle, x, y }, { radius }) {
  const length = radius + 50;
  return { x: x + length * Math.cos(angle + 0.7), y: y + length * Math.sin(angle + 0.7) };
}

/** From the node that dials; near the other one. */
function arrow({ from, to, state }, { places, radius }) {
  const [a, b] = [places.get(from), places.get(to)];
  const degrees = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  const place = `translate(${fixed(b.x)} ${fixed(b.y)}) rotate(${fixed(degrees)}) translate(${fixed(-radius - 6)} 0)`;
  return svg('path', { class: `arrow ${state}`, d: 'M0 0L-16 -8V8Z', transform: place });
}

/** A band behind the nodes of each side. */
function sideBands({ sides = [], nodes }, { places, radius, ring }) {
  return sides.map((spans, side) => {
    const angles = nodes
      .filter(({ ordinal }) => isAmong(spans, ordinal))
      .map(({ ordinal }) => places.get(ordinal).angle);
    if (!angles.length) return undefined;
    const [from, to] = [Math.min(...angles), Math.max(...angles)];
    const at = (angle, distance = ring) => `${fixed(distance * Math.cos(angle))} ${fixed(distance * Math.sin(angle))}`;
    const d = `M${at(from)}A${ring} ${ring} 0 ${to - from > Math.PI ? 1 : 0} 1 ${at(Math.max(to, from + 0.01))}`;
    const [x, y] = at((from + to) / 2, ring - radius - 46).split(' ');
    const name = svg(
      'text',
      { x, y, class: 'soft', 'font-size': 22, 'text-anchor': 'middle', 'dominant-baseline': 'central' },
      `side ${side + 1}`,
    );
    return svg('g', {}, svg('path', { class: 'side', d, 'stroke-width': fixed(2 * radius + 26) }), name);
  });
}

/** For a short time, around a node that has a new block. */
function blockMark(node, { places, radius }) {
  const { x, y } = places.get(node.ordinal);
  const words = `node ${node.ordinal} has a new block, height ${node.height}`;
  return svg('circle', { class: 'block', cx: fixed(x), cy: fixed(y), r: fixed(radius + 6) }, titled(words));
}

const linkTitle = ({ from, to, state, both }) =>
  both
    ? `nodes ${from} and ${to} have dialled each other: ${LINKS[state] ?? state}`
    : `node ${from} → node ${nameOf(to)}: ${LINKS[state] ?? state}`;

function nodeMark(node, { places, radius, labels, ring }, tip, forked, chosen) {
  const { angle, x, y } = places.get(node.ordinal);
  const off = node.state !== 'up' || tip === undefined;
  const classes = ['node', off && 'off', node.state === 'silent' && 'silent', isSilent(node) && 'waits', chosen && 'chosen']
    .filter(Boolean)
    .join(' ');
  const letter = forked && tip !== undefined ? ` ${letterOf(tip)}` : '';
  const mark = svg('g', {
    class: classes,
    'data-node': node.ordinal,
    role: 'img',
    'aria-label': `node ${node.ordinal}: ${nodeWords(node)}${letter && ', on chain' + letter}`,
  });
  mark.append(
    titled(`node ${node.ordinal}: ${nodeWords(node)}`),
    svg('circle', { cx: fixed(x), cy: fixed(y), r: radius, class: off ? '' : `tip${Math.min(tip, 5)}` }),
  );
  if (radius >= 8)
    mark.append(
      svg(
        'text',
        { x: fixed(x), y: fixed(y), class: 'number', 'font-size': Math.max(13, radius * 0.85) },
        String(node.ordinal),
      ),
    );
  if (labels) {
    const few = places.size <= 8;
    mark.append(
      few
        ? levelLabel(node, angle, ring + radius + 12, letter)
        : radialLabel(node, angle, ring + radius + 10, letter, radius),
    );
  }
  return mark;
}
function heightOf(node, letter) {
  if (node.state !== 'up') return node.state ?? 'unknown';
  return `${node.height ?? '?'}${letter}${isSilent(node) ? ', no answer' : ''}`;
}
const shortAddress = (address) => (address.length > 17 ? address.slice(0, 8) + '…' + address.slice(-8) : address);

/** For few nodes: two lines beside the node. */
function levelLabel(node, angle, distance, letter) {
  const [x, y] = [distance * Math.cos(angle), distance * Math.sin(angle)];
  const anchor = Math.cos(angle) > 0.3 ? 'start' : Math.cos(angle) < -0.3 ? 'end' : 'middle';
  const up = Math.sin(angle) < -0.3 ? -26 : Math.sin(angle) > 0.3 ? 22 : 0;
  const at = { x: fixed(x), 'text-anchor': anchor, 'font-size': 22 };
  return svg(
    'g',
    { class: 'label' },
    svg('text', { ...at, y: fixed(y + up) }, shortAddress(node.address || 'no address')),
    svg('text', { ...at, y: fixed(y + up + 26), class: 'soft' }, heightOf(node, letter)),
  );
}

/** For more: along the radius, as on a dial. */
function radialLabel(node, angle, distance, letter, radius) {
  const left = Math.cos(angle) < 0;
  const degrees = (angle * 180) / Math.PI + (left ? 180 : 0);
  const text = [shortAddress(node.address || 'no address'), heightOf(node, letter)].join(' · ');
  const size = Math.max(15, Math.min(20, radius * 1.3));
  return svg(
    'text',
    {
      transform: `rotate(${fixed(degrees)}) translate(${left ? -distance : distance} 0)`,
      'text-anchor': left ? 'end' : 'start',
      'dominant-baseline': 'central',
      'font-size': size,
    },
    text,
  );
}

/** A diamond inside of the circle, one for each node: whether it has reached its declared peers. */
function declaredMarks(declared, { places, radius, ring }) {
  const factor = (ring - radius - 16) / ring;
  return [
    ...Map.groupBy(
      declared.filter((peer) => places.has(peer.node)),
      (peer) => peer.node,
    ),
  ].map(([ordinal, peers]) => {
    const { x, y } = places.get(ordinal);
    const words = peers.map((peer) => `${peer.peer} ${peer.up ? 'up' : 'missing'}`).join(', ');
    const attributes = {
      class: peers.every((peer) => peer.up) ? 'peer' : 'peer missing',
      d: DIAMOND,
      transform: `translate(${fixed(x * factor)} ${fixed(y * factor)})`,
    };
    return svg('path', attributes, titled(`declared peers of node ${ordinal}: ${words}`));
  });
}
