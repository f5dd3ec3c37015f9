'use strict';
/* The story "why now?", as all stories a list of lines. A line is a list of texts, and of references {seq, text} to
 * entries. */

const line = (...parts) => ({ parts });
const item = (...parts) => ({ parts, item: true });
const ref = (entry, text) => (entry?.seq ? { seq: entry.seq, text } : text);

/** A cause whose change fell out of the ring has nothing to tell. */
const isFaded = (recording, cause) => cause.kind === 'cause' && Boolean(cause.of) && !recording.bySeq(cause.of);

/** A cause, with its thread back to the change. */
function causeLine(recording, cause) {
  const change = cause.kind === 'change' ? cause : cause.of ? recording.bySeq(cause.of) : undefined;
  const when = clock(recording, change?.t ?? cause.t);
  const how = HOWS[cause.how] ? `; ${HOWS[cause.how]}` : '';
  if (change)
    return item(
      `${when} `,
      ref(change, `${change.resource} ${change.object} ${typeWords(change)}${change.words ? ':' : ''}`),
      `${change.words ? ' ' + change.words : ''}${how}`,
    );
  const words = cause.words ? ': ' + cause.words : '';
  return item(`${when} `, ref(cause, causeWords(recording, cause)), `${words}${how}`);
}
const MOST_CAUSES = 30;

function causeLines(recording, causes) {
  const kept = causes.filter((cause) => !isFaded(recording, cause));
  const lines = kept.slice(0, MOST_CAUSES).map((cause) => causeLine(recording, cause));
  if (kept.length > MOST_CAUSES)
    lines.push(item(`and ${kept.length - MOST_CAUSES} more, which stand under All entries`));
  const faded = causes.length - kept.length;
  if (faded)
    lines.push(
      item(`${faded} ${kept.length ? 'more, ' : ''}whose ${faded === 1 ? 'change is' : 'changes are'} not kept any more`),
    );
  return lines;
}
const causesInAll = (begin) => (begin.causes?.length ?? 0) + (begin.more ?? 0);

function whyNow({ recording, network, pass }) {
  if (!pass) return [line(`No pass over ${network || 'a network'} is recorded up to this moment.`)];
  const { begin, causes, end } = pass;
  const left = causesInAll(begin) - causes.length;
  const more = left > 0 ? `, and ${left} more that were not kept` : '';
  const waited = pass.waited === undefined ? '' : ` after the key had waited ${lasts(pass.waited)} in the queue`;
  const lines = [
    line(
      ref(begin, `Pass ${pass.number}`),
      ` over ${network} began at ${clock(recording, begin.t)}${waited}. `,
      causes.length
        ? `It ran because of ${count(causes.length, 'cause')}${more}:`
        : 'Its causes are not kept any more.',
    ),
  ];
  lines.push(...causeLines(recording, causes));
  if (causes.length > 1) lines.push(line('The queue holds a key once, so these causes were merged into one pass.'));
  lines.push(line('A pass looks at everything afresh: a cause says why it ran, not what it did.'));
  if (end) {
    lines.push(
      line(
        `It ended at `,
        ref(end, clock(recording, end.t)),
        `, ${lasts(end.t - begin.t)} later: ${outcomeOf(end)[0]}${inBrackets(end.words)}.`,
      ),
    );
  } else {
    lines.push(line('It has not ended at this moment.'));
  }
  return lines;
}
const openConditions = (plan) => (plan?.conditions ?? []).filter((condition) => condition.status !== 'True');

/** Words, and whether it is good, to be waited for, or bad. A pass that has nothing left to do may leave much to be wished for. */
function outcomeOf(end) {
  const open = end.outcome === 'synced' ? openConditions(end.plan).map(({ type }) => type) : [];
  return open.length
    ? [`nothing is left that it could do; not as wanted: ${open.join(', ')}`, 'warn']
    : (OUTCOMES[end.outcome] ?? [end.outcome, 'warn']);
}
