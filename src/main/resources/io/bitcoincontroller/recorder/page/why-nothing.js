'use strict';
/* The story "why nothing?": what has come since the last pass, and what comes if nothing happens. */

function phaseOf({ observed, plan, calls }) {
  if (plan) return 'it has planned, and makes its calls';
  if (observed) return 'it plans';
  const answered = calls.filter((call) => call.lane === 'read').map((call) => nodeOf(call));
  const heard = answered.length ? `${nodesOf(answered.sort((a, b) => a - b))} answered` : 'none came';
  return `it observes, and waits for answers; up to this moment ${heard}`;
}

/** A change and its cause are two entries, one right after the other. */
const justChanged = ({ known: { changed }, moment }) => (changed && moment - changed.t < 1000 ? changed : undefined);

/** What is known since the last pass, and what comes if nothing happens. */
function whyNothing(view) {
  const { recording, moment, network, known, pass, state, plan } = view;
  const lines = [];
  const change = justChanged(view);
  const gone = state.gone.findLast((entry) => entry.network === network);
  if (!pass) {
    lines.push(
      line(
        gone
          ? `${network} is gone. It went at ${clock(recording, gone.t)}.`
          : `No pass over ${network || 'a network'} is recorded up to this moment.`,
      ),
    );
  } else if (!pass.end) {
    lines.push(
      line(
        ref(pass.begin, `Pass ${pass.number}`),
        ` is running, for ${lasts(moment - pass.begin.t)} by now: ${phaseOf(pass)}.`,
      ),
    );
  } else {
    const before = moment - pass.end.t < 1000 ? '' : `, ${lasts(moment - pass.end.t)} before this moment`;
    lines.push(
      line(
        `The last pass, `,
        ref(pass.begin, `${pass.number}`),
        `, ended at ${clock(recording, pass.end.t)}${before}: `,
        `${isShutDown(state) ? pass.end.outcome : outcomeOf(pass.end)[0]}${inBrackets(pass.end.words)}.`,
      ),
    );
  }
  if (state.leader && !state.leader.leads)
    lines.push(
      line(
        ref(state.leader, 'This process does not lead'),
        ' any more, since ' + clock(recording, state.leader.t) + ': it makes no passes.',
      ),
    );
  if (change)
    lines.push(line('At this very moment: ', ref(change, wordsOf(change)), '. What it causes is the next step.'));
  if (known.waiting.length) {
    lines.push(line(`${count(known.waiting.length, 'cause waits', 'causes wait')} for a pass:`));
    lines.push(...causeLines(recording, known.waiting));
  } else if (known.ignoredInAll) {
    lines.push(
      line(
        `Since it began, ${count(known.ignoredInAll, 'change')} came in which there is nothing that a pass looks at`,
        known.ignoredInAll > known.ignored.length ? '. The last of them:' : ':',
      ),
    );
  } else if (!change) {
    lines.push(line(`No change of this network has come${pass ? ' since' : ''}.`));
  }
  if (known.ignoredInAll && known.waiting.length)
    lines.push(line(`Besides, ${count(known.ignoredInAll, 'change')} came in which there is nothing that a pass looks at:`));
  if (known.ignoredInAll)
    known.ignored.forEach((entry) =>
      lines.push(
        item(
          `${clock(recording, entry.t)} `,
          ref(entry, `${entry.resource} ${entry.object}`),
          `: ${entry.words ?? ''}`,
        ),
      ),
    );
  if (!change) lines.push(...ifNothingHappens(view), ...readsThatRun(view));
  const open = openConditions(plan);
  if (open.length) {
    lines.push(line('What the last plan says is not as wanted:'));
    open.forEach((condition) =>
      lines.push(item(`${condition.type} is ${condition.status}, ${condition.reason}: ${condition.message}`)),
    );
  }
  const deaf = [...state.watches.values()].filter((entry) => !['watching', 'well', 'listed'].includes(entry.event));
  if (deaf.length) {
    lines.push(line('These watches show nothing at this moment:'));
    deaf
      .slice(0, 10)
      .forEach((entry) =>
        lines.push(
          item(
            ref(entry, `${entry.resource}${entry.namespace ? ' in ' + entry.namespace : ''}`),
            `: ${entry.event}${entry.words ? ', ' + entry.words : ''}, since ${clock(recording, entry.t)}`,
          ),
        ),
      );
  }
  return lines;
}

function ifNothingHappens({ recording, moment, known, state, pass: last }) {
  const { delay, waiting, pass, plan, observed } = known;
  const status = last?.status;
  if (isShutDown(state)) return [line('If nothing else happens: nothing, as long as this process does not lead.')];
  const leads = pass || state.leader ? '' : 'this process leads and ';
  if (waiting.length)
    return [
      line(
        isRunning(known)
          ? 'If nothing else happens: the pass ends, and the next one takes the key as soon as a worker is free.'
          : `If nothing else happens: the key is queued, and a pass takes it as soon as ${leads}a worker is free.`,
      ),
    ];
  if (isRunning(known)) return [line('If nothing else happens: the pass ends, and asks for its next look.', ...atTheLatest(recording, delay))];
  if (!delay && status?.wait > 0) return statusToCome(recording, moment, status);
  if (!delay) return [line('If nothing else happens: no delay of this key is recorded, so nothing.')];
  return [
    line(
      'If nothing else happens: at ',
      ref(delay, clock(recording, delay.due)),
      `, in ${lasts(delay.due - moment)}, the key is queued. `,
      `That is ${delayWords(delay)}${inBrackets(delay.words)}. ${afresh(last)}`,
    ),
    ...(known.quiet && known.quiet.pass === last?.number ? [line('If it finds all as the stored status says again, it has nothing to do.')] : []),
    ...(plan?.pass === last?.number ? whatItWouldDo(plan, observed, delay.due >= dueOf(status)) : []),
    ...statusToCome(recording, moment, status),
  ];
}

/** A pass on a cache that does not show our own writes yet is put off. */
function afresh(last) {
  if (last?.end?.outcome === 'not-now') return 'The pass is made then, if this hinders it no more; else it is put off again.';
  const wrote = last?.calls.some(({ to, outcome, target }) => to === 'api' && outcome === 'ok' && !target.startsWith('GET '));
  return `The pass then observes everything afresh${wrote ? ', if the cache shows by then what was written' : ''}.`;
}

/** No pass waits for these; the end of each queues the key. */
function readsThatRun({ recording, known: { unanswered }, state }) {
  const { since, most } = unanswered;
  if (isShutDown(state)) return [];
  return Object.entries(since).map(([ordinal, t]) =>
    line(
      `Or earlier: a read of node ${ordinal} has been running since ${clock(recording, t)}. When it ends, `,
      `at ${clock(recording, t + most)} at the latest, the key is queued.`,
    ),
  );
}

/** What an earlier pass asked for holds, if no earlier time is asked for. */
const atTheLatest = (recording, delay) =>
  delay ? [' The key is queued at the latest at ', ref(delay, clock(recording, delay.due)), `: ${delayWords(delay)}.`] : [];

/** From when on a difference of the status is written. */
const dueOf = (status) => (status?.wait > 0 ? status.t + status.wait : Infinity);

/** A difference of the status may wait; when its time has come, the next pass writes it. */
function statusToCome(recording, moment, status) {
  if (!(status?.wait > 0)) return [];
  const due = dueOf(status);
  return [
    line(
      ref(status, 'The stored status'),
      ` is not as it is now (${status.words}). If that is still so, the first pass from ${clock(recording, due)} on writes it`,
      `${due > moment ? `, in ${lasts(due - moment)}` : ''}.`,
    ),
  ];
}

const MOST_NAMED = 5;

/** The same observation gives the same plan, but for what rests after a try. The plan does not know of the stored status. */
function whatItWouldDo(plan, observed, writesStatus) {
  if (!plan) return [];
  const rests = (observed?.links ?? []).some(({ state }) => state === 'missing');
  const last = ref(plan, `pass ${plan.pass}`);
  const differences = plan.differences ?? [];
  const nothing = writesStatus ? 'nothing but the status' : 'nothing';
  if (!differences.length)
    return [
      line(
        'If it finds things as ',
        last,
        ` did, it changes ${nothing}${rests ? ', but for links that rest after a try and may be dialled again by then' : ''}.`,
      ),
    ];
  return [
    line('What is still different then, it plans again. For ', last, ` that was ${count(differences.length, 'difference')}:`),
    ...differences.slice(0, MOST_NAMED).map((difference) => item(difference.words)),
    ...(differences.length > MOST_NAMED ? [item(`and ${differences.length - MOST_NAMED} more`)] : []),
  ];
}
