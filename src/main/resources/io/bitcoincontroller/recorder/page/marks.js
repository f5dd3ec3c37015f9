'use strict';
/* The marks in the lanes. */

function capsuleMark(capsule, y, rows, network) {
  const height = Math.min(26, LANE_HEIGHTS.queue / rows - 6);
  const from = xOf(capsule.from) - 10;
  const to = xOf(capsule.to) + 10;
  const words = `${capsule.network} waits with ${count(capsule.beads.length, 'cause')}${capsule.takenBy ? `; pass ${capsule.takenBy} takes it` : ''}`;
  return svg(
    'rect',
    {
      class: `capsule${capsule.later || capsule.network !== network ? ' later' : ''}`,
      x: from,
      y: y - height / 2,
      width: to - from,
      height,
      rx: height / 2,
    },
    titled(words),
  );
}

function barMark(bar, y, rows, network, chosenPass) {
  const height = Math.min(28, LANE_HEIGHTS.plan / rows - 6);
  const width = xOf(bar.to) - xOf(bar.from) + COLUMN - 4;
  const outcome = bar.end && !bar.later ? outcomeOf(bar.end)[1] : '';
  const faded = bar.later || bar.network !== network ? ' later' : '';
  const group = svg(
    'g',
    { class: faded.trim(), 'data-pass': bar.pass },
    titled(`pass ${bar.pass} over ${bar.network}${bar.end ? ': ' + outcomeOf(bar.end)[0] : ''}`),
  );
  group.append(
    svg('rect', {
      class: `bar ${outcome}${bar.pass === chosenPass ? ' chosen' : ''}`,
      x: xOf(bar.from) - COLUMN / 2 + 2,
      y: y - height / 2,
      width,
      height,
      rx: 5,
    }),
  );
  if (rows === 1 && width > 40)
    group.append(
      svg(
        'text',
        {
          x: xOf(bar.from) - COLUMN / 2 + 3,
          y: y - height / 2 - 4,
          'font-size': 11,
          'font-weight': bar.pass === chosenPass ? 700 : 400,
        },
        `pass ${bar.pass}`,
      ),
    );
  return group;
}

function beadMark({ entry, column, later, stack }, y, focus, network) {
  const x = xOf(column);
  const faded = later || (entry.network && entry.network !== network) ? ' later' : '';
  const attributes = {
    class: `bead ${beadClass(entry)}${faded}${entry.seq === focus ? ' focus' : ''}`,
    'data-seq': typeof entry.seq === 'number' ? entry.seq : undefined,
  };
  const title = titled(wordsOf(entry));
  const size = 10 + 6.5 * String(entry.differences?.length ?? 0).length; // of the box around a number
  switch (entry.kind) {
    case 'watch':
    case 'leader':
    case 'gone':
      return [svg('path', { ...attributes, d: `M${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}L${x - 7} ${y}Z` }, title)];
    case 'call':
      return stack < MOST_STACKED
        ? [svg('rect', { ...attributes, x: x - 6, y: y - 6, width: 12, height: 12, rx: 2 }, title)]
        : [];
    case 'pass':
      return [svg('path', { ...attributes, d: `M${x - 4} ${y - 6}L${x + 6} ${y}L${x - 4} ${y + 6}Z` }, title)];
    case 'status':
    case 'unanswered':
    case 'observed':
      return [svg('circle', { ...attributes, cx: x, cy: y, r: 6 }, title)];
    case 'plan':
      return [
        svg('rect', { ...attributes, x: x - size / 2, y: y - 8, width: size, height: 16, rx: 3 }, title),
        svg(
          'text',
          { x, y: y + 4, 'text-anchor': 'middle', 'font-size': 11, class: faded.trim() },
          String(entry.differences?.length ?? 0),
        ),
      ];
    case 'end':
      return [svg('path', { ...attributes, d: `M${x - 2} ${y - 8}V${y + 8}H${x + 2}V${y - 8}Z` }, title)];
    default:
      return entry.type === 'DELETED'
        ? [svg('path', { ...attributes, d: `M${x - 6} ${y - 6}H${x + 6}V${y + 6}H${x - 6}Z` }, title)]
        : [svg('circle', { ...attributes, cx: x, cy: y, r: entry.kind === 'change' ? 7 : 6 }, title)];
  }
}

function beadClass(entry) {
  switch (entry.kind) {
    case 'watch':
      return WATCH_CLASSES[entry.event] ?? 'good';
    case 'change':
      return entry.concerns ? (entry.type === 'UNREADABLE' ? 'bad' : '') : 'hollow';
    case 'call':
      return (CALLS[entry.outcome] ?? ['', 'warn'])[1];
    case 'end':
      return outcomeOf(entry)[1];
    case 'leader':
      return entry.leads ? 'good' : 'bad';
    case 'unanswered':
      return 'warn';
    case 'observed':
    case 'plan':
    case 'world':
      return 'hollow';
    default:
      return '';
  }
}

/** A stack of which not all calls are drawn: a click shows them all, as entries. */
function callCounts({ stacks, beads }) {
  return [...stacks]
    .filter(([, height]) => height > MOST_STACKED)
    .map(([column, height]) => {
      const { entry } = beads.find((bead) => bead.column === column && bead.entry.kind === 'call');
      const place = { x: xOf(column), y: LANES_BOTTOM - 4, 'text-anchor': 'middle', 'font-size': 11 };
      return svg('text', { ...place, class: 'stack', 'data-stack': columnKey(entry) }, `×${height}`);
    });
}

/** The pies of the keys that wait for their time, the earliest first. */
function pies({ state, network, moment }, all, width) {
  const delays = [...state.networks]
    .filter(([key, known]) => known.delay && (all || key === network))
    .map(([, known]) => known.delay)
    .sort((a, b) => a.due - b.due);
  return delays.slice(0, all ? 2 : 1).flatMap((delay, index) => {
    const left = Math.max(0, Math.min(1, (delay.due - moment) / Math.max(1, delay.due - delay.t)));
    const [x, y, r] = [width - RIGHT / 2 + (all ? 12 - index * 40 : 0), LANE_TOPS.queue + 20, 14];
    const angle = left * 2 * Math.PI - Math.PI / 2;
    // an arc whose rounded ends are the same point would not be drawn
    const pie =
      left > 0.998
        ? svg('circle', { class: 'arc', cx: x, cy: y, r })
        : svg('path', {
            class: 'arc',
            d: `M${x} ${y}V${y - r}A${r} ${r} 0 ${left > 0.5 ? 1 : 0} 1 ${fixed(x + r * Math.cos(angle))} ${fixed(y + r * Math.sin(angle))}Z`,
          });
    const words = `${delay.network} waits for ${delayWords(delay)}`;
    const text = index
      ? []
      : [
          svg('text', { x, y: y + 28, 'text-anchor': 'middle', 'font-size': 11 }, delay.cause),
          svg(
            'text',
            { x, y: y + 40, 'text-anchor': 'middle', 'font-size': 11, class: 'soft' },
            delay.due > moment ? `in ${lasts(delay.due - moment)}` : 'queued',
          ),
        ];
    return [svg('g', {}, titled(words), svg('circle', { class: 'arc-ground', cx: x, cy: y, r }), pie, ...text)];
  });
}
