'use strict';
/* What is drawn, part by part. */

/** Of the times without a whole mesh no more have a button: they stand in one line. */
const MOST_INTERVALS = 6;

/** Grows with each other recording: keys of parts are of one recording. */
let generation = 0;

function chooseNetwork() {
  const { state } = page.recording;
  if (!page.network)
    page.network = [...state.networks].reduce(
      (best, [key, known]) => ((known.pass?.seq ?? 0) >= (state.networks.get(best)?.pass?.seq ?? 0) ? key : best),
      '',
    );
  const names = [...new Set([...state.networks.keys(), ...state.gone.map((entry) => entry.network), page.network])]
    .filter(Boolean)
    .sort();
  part('network', names.join(), () => names.map((name) => el('option', { value: name }, name)));
  $('network').value = page.network;
}

function drawTime(view) {
  const { recording, moment } = view;
  const first = recording.first?.t ?? 0;
  const last = newest();
  const scrubber = $('scrubber');
  Object.assign(scrubber, { min: first, max: Math.max(last, first + 1), value: moment });
  scrubber.setAttribute('aria-valuetext', clock(recording, moment));
  if (document.activeElement !== $('moment')) $('moment').value = clock(recording, moment);
  $('live').setAttribute('aria-pressed', page.live);
  $('live').textContent = page.isFile ? 'Newest' : 'Live';
  // live, it would speak at each pass
  for (const id of ['answer', 'entry', 'link-story']) $(id).setAttribute('aria-live', page.live ? 'off' : 'polite');
  $('moment-says').textContent = page.live
    ? ''
    : `${lasts(last - moment)} before the ${page.isFile ? 'end' : 'present'}`;
  $('moment-says').title = $('moment-says').textContent;
  part('marked', `${generation} ${page.mark}`, () =>
    page.mark === undefined ? [] : ['the mark is at ', momentButton(page.mark, clock(recording, page.mark))],
  );
  const key = `${generation} ${page.network} ${Math.floor(last / 2e6)} ${recording.begin}`;
  part('density', key, () => {
    const unmeshed = unmeshedTimes(recording, page.network, last);
    part('unmeshed', `${generation} ${page.network} ${unmeshed}`, () => unmeshedList(recording, unmeshed, last));
    return densityPicture(recording, page.network, first, last, unmeshed);
  });
  setHash();
}

function unmeshedList(recording, times, last) {
  if (!times.length) return 'never';
  const shown = times.slice(-MOST_INTERVALS);
  const older = times.length > shown.length ? `${times.length} times; the last from ` : 'from ';
  return [
    older,
    ...shown.flatMap(([from, to], at) => [
      at ? ', ' : '',
      momentButton(from, clock(recording, from)),
      to < last ? [' to ', momentButton(to, clock(recording, to))] : page.live && !page.isFile ? ' until now' : ' to the end',
      ` (${lasts(to - from)})`,
    ]),
  ].flat();
}

function momentButton(t, words) {
  const button = el('button', { className: 'entry' }, words);
  button.dataset.moment = t;
  return button;
}

function densityPicture(recording, network, first, last, unmeshed) {
  const parts = 240;
  const { counts, troubles, most } = densityOf(recording, first, last, parts);
  $('density').setAttribute('viewBox', `0 0 ${parts} 24`);
  const bars = (numbers) =>
    numbers
      .map((number, at) => (number ? `M${at} 18V${fixed(18 - Math.max(3, (number / most) * 18))}h.8V18Z` : ''))
      .join('');
  return [
    svg('path', { d: bars(counts), class: 'density' }),
    svg('path', { d: bars(troubles), class: 'density bad' }),
    ...unmeshed.map(([from, to]) => {
      const [x, end] = [from, to].map((t) => (Math.max(0, t - first) / Math.max(1, last - first)) * parts);
      const words = `Meshed of ${network} was not True for ${lasts(to - from)}, from ${clock(recording, from)}`;
      const place = { x: x.toFixed(3), y: 20, width: Math.max(0.2, end - x).toFixed(3), height: 4 };
      return svg('rect', { class: 'unmeshed', 'data-moment': from, ...place }, titled(words));
    }),
    titled(`Passes over time, at most ${most} in a part; red are those that failed`),
  ];
}

function drawMesh(view) {
  const { observed, plan } = view;
  const nodes = observed?.nodes ?? [];
  const silent = nodes.filter(isSilent).map(({ ordinal, silentFor }) => `${ordinal} ${silentFor}`);
  const key = [generation, page.network, observed?.seq, page.node, silent].join();
  $('summary').textContent = summaryOf(view);
  $('mesh').setAttribute('viewBox', nodes.length ? circleOf(observed).box : '-500 -60 1000 120');
  const { links, declared, sides, topology } = observed ?? {};
  const fresh = view.grown;
  part('links', JSON.stringify([page.node, nodes.length, links, sides, topology]), () =>
    linkLines(observed ?? {}, page.node),
  );
  const chosen = [page.node, page.nodeBefore];
  part('nodes', JSON.stringify([chosen, nodes, declared, sides, fresh, !observed]), () =>
    nodeMarks(observed, chosen, fresh),
  );
  part('legend', key, () => (nodes.length ? legendOf(observed) : []));
  part('tips', `${key} ${plan?.seq}`, () => [...sidesList(observed), ...tipsList(observed), ...conditionsList(plan)]);
  if ($('table-details').open) part('table', key, () => meshTables(observed));
  const ordinals = nodes.map((node) => node.ordinal);
  for (const [id, standard] of [
    ['one', 0],
    ['other', 1],
  ]) {
    const chosen = $(id).value;
    part(id, ordinals.join(), () => ordinals.map((ordinal) => el('option', { value: ordinal }, String(ordinal))));
    $(id).value = ordinals.includes(Number(chosen)) && chosen !== '' ? chosen : String(ordinals[standard] ?? '');
  }
  const [one, other] = [Number($('one').value), Number($('other').value)];
  part('link-story', [key, plan?.seq, view.made.length, one, other].join(), () =>
    storyOf(nodes.length > 1 ? linkStory(view, one, other) : [line('There are no two nodes at this moment.')]),
  );
}

function drawLanes(view) {
  const { recording, position, network } = view;
  const width = Math.max(320, $('lanes').clientWidth);
  $('lanes').setAttribute('viewBox', `0 0 ${width} ${LANES_BOTTOM}`);
  part('picture', [generation, network, position, page.live || recording.end, page.all, page.focus, width].join(), () =>
    lanePicture(recording, laneModel(view, page.all, page.live, width), network, view.pass?.number, page.focus, width),
  );
  const tick = Math.floor(view.moment / (calm.matches ? 2e6 : 1e5));
  part('arcs', [generation, network, position, tick, page.all, page.focus, width].join(), () =>
    pies(view, page.all, width),
  );
  const focus = page.focus && recording.bySeq(page.focus);
  part('entry', `${generation} ${focus?.seq}`, () =>
    focus
      ? `${clock(recording, focus.t)} ${wordsOf(focus)}`
      : 'Choose a bead to read what it is; ‹ step and step › go from one to the next.',
  );
}

function drawAnswer(view) {
  for (const button of document.querySelectorAll('[data-panel]'))
    button.setAttribute('aria-pressed', button.dataset.panel === page.panel);
  $('sides').hidden = !page.second;
  $('entries-choice').hidden = page.panel !== 'entries';
  for (const id of ['slowest', 'recent']) $(id).setAttribute('aria-pressed', page[id]);
  const second = Math.floor(view.moment / 1e6);
  const key = [generation, page.panel, page.network];
  switch (page.panel) {
    case 'now':
      return part('answer', [...key, view.pass?.number, view.pass?.end?.seq].join(), () => storyOf(whyNow(view)));
    case 'nothing':
      return part('answer', [...key, view.position, page.live ? second : view.moment].join(), () => storyOf(whyNothing(view)));
    case 'compare':
      return part('answer', [...key, view.position, page.mark, page.live ? view.position : view.moment].join(), () =>
        compareAnswer(view, page.mark),
      );
    case 'entries':
      return part(
        'answer',
        [...key, view.position, page.all, page.filter, page.slowest, page.recent && second, page.stack].join(),
        () => entriesTable(view, page),
      );
    default:
      return part('answer', [...key, sidesKey(view)].join(), () => sidesAnswer(view, page.second));
  }
}

function drawSource({ state }) {
  const { start } = page.recording;
  const leads = state.leader ? (state.leader.leads ? 'leads: ' : 'does not lead: ') : '';
  const who = `${start.controller ?? ''}${start.version ? ' ' + start.version : ''}`;
  $('source').textContent = page.isFile
    ? `a recording of ${who}`
    : page.connected
      ? leads + who
      : page.recording.last
        ? `the connection is lost, trying again: ${who}`
        : lessonsHere
            ? 'Choose a lesson, or open a recording.'
            : 'No controller answers here. Open a recording, or wait.';
  $('source').title = $('source').textContent;
  const isWell = page.isFile || page.connected || (lessonsHere && !page.recording.last);
  $('source').className = isWell ? 'soft' : 'bad';
}

/** A short answer to what a person did. */
function tell(words) {
  $('notice').textContent = words;
  setTimeout(() => $('notice').textContent === words && ($('notice').textContent = ''), 10_000);
}

/** Tells a screen reader of the summary, not more often than it can be listened to; what was left out is said later. */
let saidAt = -Infinity;
let sayLater;

function say(words) {
  if ($('said').textContent === words) return;
  const left = saidAt + (page.live && !page.isFile ? 8000 : 1000) - performance.now();
  clearTimeout(sayLater);
  if (left > 0) {
    sayLater = setTimeout(changed, left);
    return;
  }
  saidAt = performance.now();
  $('said').textContent = words;
}
