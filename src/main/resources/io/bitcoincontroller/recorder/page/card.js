'use strict';
/* The card of a pass: causes, one knot, differences, calls. */

const MOST_DIFFERENCES = 40;
const MOST_ROWS = 80;
/** More calls that read than these are folded: they are one for each node. */
const MOST_READS = 8;

function passCard({ recording, network, pass, moment }, unfolded) {
  if (!pass)
    return [el('p', { className: 'soft' }, `No pass over ${network || 'a network'} is recorded up to this moment.`)];
  const { begin, end, observed, plan, causes } = pass;
  const [outcome, kind] = end ? outcomeOf(end) : ['it has not ended', 'warn'];
  return [
    el(
      'p',
      {},
      el('b', {}, `Pass ${pass.number}`),
      ` over ${network}, ${clock(recording, begin.t)}, ${lasts((end?.t ?? moment) - begin.t)}: `,
      el('b', { className: kind }, end ? end.outcome : 'running'),
      ` (${outcome})${end?.words ? ': ' + end.words : ''}`,
    ),
    timeBar(pass, moment),
    el('h3', {}, `Causes: ${causesInAll(begin)}, one pass`),
    causes.length
      ? el(
          'ul',
          { className: 'thread-list' },
          causeLines(recording, causes).map((each) => el('li', {}, ...partsOf(each))),
        )
      : el('p', { className: 'soft' }, 'not kept any more'),
    el(
      'div',
      { className: 'columns' },
      el('div', {}, el('h3', {}, 'Observed'), observedList(pass)),
      el('div', {}, el('h3', {}, 'Wanted'), wantedList(observed, plan, end)),
    ),
    el('h3', {}, `Difference${plan ? `: ${plan.differences?.length ?? 0}${pass.status ? ', and the status' : ''}` : ''}`),
    ...differenceList(pass, unfolded),
  ].filter(Boolean);
}

/** The parts of a pass, as wide as they lasted. */
function timeBar({ begin, observed, plan, end, waited, calls }, moment) {
  const last = end?.t ?? moment;
  const acts = plan && calls.some((call) => call.seq > plan.seq);
  const parts = [
    ['in-queue', 'in the queue', waited ?? 0],
    ['observe', 'observe', (observed?.t ?? last) - begin.t],
    ['plan', 'plan', observed ? (plan?.t ?? last) - observed.t : 0],
    ['calls', acts ? 'calls' : 'to the end', plan ? last - plan.t : 0],
  ].filter(([, , micros]) => micros > 0);
  const words = parts.map(([, name, micros]) => `${name} ${lasts(micros)}`).join(', ');
  const bar = el('div', { className: 'bars', title: words });
  bar.setAttribute('aria-hidden', 'true');
  for (const [name, , micros] of parts) {
    const part = el('div', { className: name });
    part.style.flex = `${micros} 0 0`;
    bar.append(part);
  }
  const says = parts.map(([name, label, micros]) => el('li', {}, el('i', { className: name }), ` ${label} ${lasts(micros)}`));
  return el('div', { className: 'time-bar' }, bar, el('ul', { className: 'legend' }, says));
}

function observedList({ observed, unanswered, end }) {
  if (!observed) return el('p', { className: 'soft' }, end ? 'nothing' : 'nothing at this moment');
  if (observed.as) {
    const late = unanswered ? `; no answer in time of ${nodesOf(unanswered.nodes.map(({ ordinal }) => ordinal))}` : '';
    return el('p', {}, `all as the stored status says${late}; nobody looked, so no more is recorded`);
  }
  const isUp = ({ ordinal }) => observed.nodes.some((node) => node.ordinal === ordinal && node.state === 'up');
  const silent = (unanswered?.nodes ?? []).filter(isUp).map(({ ordinal }) => ordinal);
  const states = Map.groupBy(observed.nodes ?? [], (node) => stateOf(node));
  const links = Object.keys(LINKS)
    .map((state) => [state, (observed.links ?? []).filter((link) => link.state === state).length])
    .filter(([, number]) => number);
  const troubled = (observed.nodes ?? []).filter((node) => node.words);
  return el('ul', {}, [
    ...[...states].map(([state, nodes]) => el('li', {}, `${nodesOf(nodes.map((node) => node.ordinal))}: ${state}`)),
    silent.length ? el('li', {}, `${nodesOf(silent)}: no answer in time, shown as before`) : undefined,
    ...troubled.slice(0, 10).map((node) => el('li', {}, `node ${node.ordinal}: ${node.words}`)),
    troubled.length > 10
      ? el('li', {}, `and ${troubled.length - 10} more that have something to say; the table has them`)
      : undefined,
    el('li', {}, `links: ${links.map(([state, number]) => `${number} ${LINKS[state]}`).join('; ') || 'none'}`),
    ...(observed.children ?? []).map((child) =>
      el('li', {}, `${child.what}: ${child.state}${child.words ? ', ' + child.words : ''}`),
    ),
  ]);
}

function wantedList(observed, plan, end) {
  if (observed?.as) return el('p', {}, 'what is there');
  if (!plan) return el('p', { className: 'soft' }, end ? 'it made no plan' : 'no plan at this moment');
  const wanted = (observed?.links ?? []).filter((link) => link.state !== 'unwanted');
  return el('ul', {}, [
    observed?.generation === undefined
      ? undefined
      : el(
          'li',
          {},
          `the resource in its generation ${observed.generation}${observed.topology ? ', ' + observed.topology : ''}`,
        ),
    el('li', {}, `${count(wanted.length, 'link')} between ${count(observed?.nodes?.length ?? 0, 'node')}`),
    observed?.declared?.length
      ? el('li', {}, `${count(observed.declared.length, 'connection')} to declared peers`)
      : undefined,
    plan.words ? el('li', {}, plan.words) : undefined,
    plan.reports === false ? el('li', {}, 'the status is left to a later pass') : undefined,
    plan.lookAgain ? el('li', {}, `a look again in ${lasts(plan.lookAgain)} at the latest`) : undefined,
  ]);
}

/** The stored status is the last that a pass looks at; its call is the last to that path. */
function statusDifference(status, calls) {
  if (!status) return [];
  const call = calls.findLast((each) => !status.wait && /\/status(\?|$)/.test(each.target ?? ''));
  return [{ words: statusWords(status), target: call?.target ?? 'status' }];
}

/** A node rests after a try, so a link can be missing and the plan has nothing to do. The same holds where others have to act. */
function noDifference(observed, { conditions = [] } = {}) {
  if (observed?.as) return 'None: there was nothing to do.';
  const missing = (observed?.links ?? []).filter((link) => link.state === 'missing').length;
  const open = openConditions({ conditions });
  if (!missing && open.length)
    return `Nothing that this pass could do. Not as wanted: ${open.map(({ type, reason }) => `${type} (${reason})`).join(', ')}.`;
  if (!missing) return 'None: what is observed is what is wanted.';
  const are = missing === 1 ? ['is missing, and is', 'rests'] : ['are missing, and are', 'rest'];
  return `Nothing to do now: ${count(missing, 'link')} ${are[0]} being tried or ${are[1]} after a try.`;
}

/** Each difference, and below it its calls; neighbours with the same calls have them once. Calls of no difference come last. */
function differenceList({ plan, calls, end, observed, status }, unfolded) {
  const all = [...(plan?.differences ?? []), ...statusDifference(status, calls)];
  const most = unfolded ? Infinity : MOST_DIFFERENCES;
  const groups = callGroups(calls);
  const callItem = (call) => {
    const outcome = outcomeWords(call) + (end && call.t > end.t ? ', after the pass had ended' : '');
    return el(
      'li',
      {},
      entryButton(call, `→ ${targetOf(call)}: ${callWords(call)}`),
      ' ',
      el('span', { className: (CALLS[call.outcome] ?? ['', 'warn'])[1] }, outcome),
    );
  };
  const threadList = (items) => el('ul', { className: 'thread-list' }, items);
  const named = new Set(all.flatMap((difference) => callsFor(difference, groups)));
  const others = (title, reads) => {
    const list = calls.filter((call) => !named.has(call) && (call.lane === 'read') === reads);
    if (!list.length) return [];
    const items = threadList(list.slice(0, most).map(callItem));
    const isLong = reads && list.length > MOST_READS;
    return isLong
      ? [el('details', {}, el('summary', {}, `${title}: ${list.length}`), items)]
      : [el('h3', {}, `${title}: ${list.length}`), items];
  };
  const shown = all.slice(0, most).map((difference) => ({
    words: difference.words,
    own: closest(difference, callsFor(difference, groups), observed),
  }));
  const rows = shown.map(({ words, own }, index) => {
    if (!own.length)
      return el(
        'li',
        {},
        words,
        el('span', { className: 'soft' }, NO_CALL),
      );
    return el('li', {}, words, shown[index + 1]?.own[0] === own[0] ? '' : threadList(own.map(callItem)));
  });
  return [
    all.length ? threadList(rows) : el('p', {}, plan || observed?.as ? noDifference(observed, plan) : end ? 'It looked for none.' : 'Not known yet.'),
    ...others('Other calls', false),
    ...others('Calls that read', true),
    Math.max(all.length, calls.length) > most ? el('button', { id: 'unfold' }, 'Show all') : undefined,
  ];
}
