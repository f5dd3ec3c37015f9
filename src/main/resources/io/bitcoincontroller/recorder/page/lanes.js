'use strict';
/* The picture of the lanes. */

const MOST_STACKED = 4;

function lanePicture(recording, model, network, chosenPass, focus, width) {
  const capsuleRows = packed(model.capsules, 4);
  const barRows = packed(model.bars, 3);
  const capsuleY = (capsule) => LANE_TOPS.queue + ((capsule.row + 0.5) * LANE_HEIGHTS.queue) / capsuleRows;
  const barY = (bar) => LANE_TOPS.plan + ((bar.row + 0.5) * LANE_HEIGHTS.plan) / barRows + (barRows === 1 ? 7 : 0);
  const capsuleOf = new Map(model.capsules.flatMap((capsule) => capsule.beads.map((bead) => [bead, capsule])));
  const barOf = new Map(model.bars.map((bar) => [bar.pass, bar]));
  const yOf = (bead) => {
    const lane = LANE_OF[bead.entry.kind];
    if (lane === 'queue') return capsuleY(capsuleOf.get(bead));
    if (lane === 'plan') return barY(barOf.get(bead.entry.pass));
    if (lane === 'calls') return LANE_TOPS.calls + 12 + bead.stack * 14;
    return LANE_TOPS[lane] + LANE_HEIGHTS[lane] / 2;
  };
  const bySeq = new Map(model.beads.map((bead) => [bead.entry.seq, bead]));
  return [
    ...laneGround(recording, model, width),
    ...threads(model, { yOf, capsuleY, barY, bySeq, barOf }, chosenPass),
    ...model.capsules.map((capsule) => capsuleMark(capsule, capsuleY(capsule), capsuleRows, network)),
    ...model.bars.map((bar) => barMark(bar, barY(bar), barRows, network, chosenPass)),
    ...model.beads.flatMap((bead) => beadMark(bead, yOf(bead), focus, network)),
    ...callCounts(model),
    model.nowColumn >= 0
      ? svg(
          'path',
          { class: 'now', d: `M${xOf(model.nowColumn) + COLUMN / 2} 16V${LANES_BOTTOM}` },
          titled('the moment'),
        )
      : undefined,
  ];
}

function laneGround(recording, model, width) {
  const ground = LANES.flatMap((lane, index) => [
    svg('rect', {
      class: index % 2 ? 'lane odd' : 'lane',
      x: 0,
      y: LANE_TOPS[lane],
      width,
      height: LANE_HEIGHTS[lane],
    }),
    svg('text', { x: 8, y: LANE_TOPS[lane] + LANE_HEIGHTS[lane] / 2 + 4, 'font-size': 13, 'font-weight': 600 }, lane),
  ]);
  let labelledTo = -1;
  let before;
  for (const { column, t } of model.columns) {
    const gap = before === undefined ? 0 : t - before;
    const x = xOf(column) - COLUMN / 2;
    if (gap > 1e6)
      ground.push(svg('path', { class: 'gap', d: `M${x} 18V${LANES_BOTTOM}` }, titled(`${lasts(gap)} pass here`)));
    if ((before === undefined || gap > 1e6) && x > labelledTo && x + 64 < width) {
      ground.push(svg('text', { x: x + 1, y: 12, 'font-size': 11, class: 'soft' }, clock(recording, t).slice(0, 10)));
      labelledTo = x + 66;
    }
    before = t;
  }
  return ground;
}

/** Change to cause, capsule to pass, plan to calls. Those of the chosen pass come last, above the others. */
function threads(model, { yOf, capsuleY, barY, bySeq, barOf }, chosenPass) {
  const lines = [];
  const thread = (pass, later, d) =>
    lines.push({
      chosen: pass === chosenPass,
      element: svg('path', { class: `thread${pass === chosenPass ? ' chosen' : ''}${later ? ' later' : ''}`, d }),
    });
  const curve = (x1, y1, x2, y2) => `M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`;
  for (const capsule of model.capsules) {
    for (const bead of capsule.beads) {
      const change = bySeq.get(bead.entry.of);
      if (change)
        thread(
          capsule.takenBy,
          bead.later,
          curve(xOf(change.column), yOf(change), xOf(bead.column), capsuleY(capsule)),
        );
    }
    const bar = barOf.get(capsule.takenBy);
    if (bar) thread(bar.pass, bar.later, curve(xOf(bar.from), capsuleY(capsule), xOf(bar.from), barY(bar)));
  }
  const stacks = new Set();
  for (const { entry, column, later } of model.beads) {
    const bar = entry.kind === 'call' && barOf.get(entry.pass);
    if (bar && !stacks.has(column)) {
      stacks.add(column);
      const plan = bar.marks.find((mark) => mark.entry.kind === 'plan');
      thread(
        entry.pass,
        later,
        curve(xOf(plan?.column < column ? plan.column : bar.from), barY(bar), xOf(column), LANE_TOPS.calls + 12),
      );
    }
  }
  return lines.sort((a, b) => a.chosen - b.chosen).map((one) => one.element);
}
