'use strict';
/* The words for what is recorded. */

const TYPES = { ADDED: 'appeared', MODIFIED: 'changed', UNREADABLE: 'can’t be read' };
const LEFT_SELECTION = 'left the selection: it was deleted, or its labels changed';

/** All but the networks are watched with a label selector, and for such a watch labels that no longer match are a deletion. */
const typeWords = ({ resource, type }) =>
  type === 'DELETED' ? (resource === 'bitcoinnetworks' ? 'was deleted' : LEFT_SELECTION) : (TYPES[type] ?? type);
const CAUSES = {
  change: 'an object changed',
  unreadable: 'an object can’t be read',
  late: 'a call to a node ended after its pass',
  retry: 'a pass failed, and its back-off is over',
  'look-again': 'a pass asked to look again',
  period: 'every key gets a look in each period',
  synced: 'the caches are complete',
  person: 'a person asked',
  asked: 'somebody asked',
};

/** With the number of the pass that asked for it, as far as that is kept. */
function causeWords({ delays }, { id, cause }) {
  const words = CAUSES[cause] ?? cause;
  return delays.has(id) ? words.replace(/^a pass\b/, `pass ${delays.get(id)}`) : words;
}
const HOWS = {
  queued: 'this queued the key',
  merged: 'the key waited already, and this was merged',
  again: 'a pass was running, and another one was to follow',
  refused: 'the queue was shut down',
};
const DELAYS = {
  'look-again': 'the look that a pass asked for',
  retry: 'the retry after a failure',
  period: 'the look that every key gets in each period',
};

/** What a delayed key waits for. */
function delayWords({ cause, pass }) {
  const words = DELAYS[cause] ?? cause;
  return pass ? words.replace(/\ba pass\b/, `pass ${pass}`) : words;
}
const delaysWords = ({ delays = [] }) =>
  delays.length ? `; the key waits ${delays.map((each) => `${lasts(each.after)} for ${delayWords(each)}`).join(', or ')}` : '';

const OUTCOMES = {
  synced: ['all is as wanted', 'good'],
  'look-again': ['it asks for another look', 'warn'],
  retry: ['something failed, and is tried again', 'bad'],
  invalid: ['the user has to mend the resource', 'bad'],
  'not-now': ['it could not be made yet', 'warn'],
  gone: ['the network is gone', 'good'],
  failed: ['it failed, and is tried again', 'bad'],
};
const CALLS = {
  ok: ['ok', 'good'],
  refused: ['refused', 'bad'],
  lost: ['lost: nobody knows whether it was done', 'warn'],
  'not-sent': ['not sent', 'hollow'],
};
const WATCH_CLASSES = { listing: 'hollow', note: 'warn', trouble: 'bad' };
const LINKS = { up: 'up', missing: 'missing', dialling: 'dialling', unwanted: 'not wanted, but there' };

function lasts(micros) {
  const µs = Math.max(0, Math.round(micros));
  if (µs < 1000) return `${µs} µs`;
  if (µs < 1e6) return `${Math.round(µs / 1000)} ms`;
  if (µs < 60e6) return `${(µs / 1e6).toFixed(1)} s`;
  const seconds = Math.round(µs / 1e6);
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
const count = (number, one, more = one + 's') => `${number.toLocaleString('en')} ${number === 1 ? one : more}`;
const shortHash = (hash) => hash.slice(0, 4) + '…' + hash.slice(-6);

/** 0, 1, 2, 5 as "0–2, 5". */
function spans(ordinals) {
  const runs = [];
  for (const ordinal of ordinals) {
    const run = runs.at(-1);
    run && run[1] === ordinal - 1 ? (run[1] = ordinal) : runs.push([ordinal, ordinal]);
  }
  return runs
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`))
    .join(', ');
}
const nodesOf = (ordinals) => `${ordinals.length === 1 ? 'node' : 'nodes'} ${spans(ordinals)}`;
const inBrackets = (words) => (words ? ` (${words})` : '');

function dateAt(recording, t) {
  return new Date(recording.start.at + t / 1000);
}

/** The local time of day, with milliseconds. */
function clock(recording, t) {
  const date = dateAt(recording, t);
  const two = (number, digits = 2) => String(number).padStart(digits, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${two(date.getMilliseconds(), 3)}`;
}

/** The last moment of what was typed, such as 12:03:07, that is not after the end of the recording; undefined: no time. */
function momentOf(recording, typed, end) {
  const match = /^\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?\s*$/.exec(typed);
  if (!match) return undefined;
  const [, hours, minutes, seconds, millis] = match;
  const date = dateAt(recording, end);
  date.setHours(hours, minutes, seconds ?? 59, millis ? Number(millis.padEnd(3, '0')) : 999);
  const t = (date.getTime() - recording.start.at) * 1000 + 999;
  const begins = t - (millis ? 999 : seconds ? 999_999 : 59_999_999);
  return begins > end ? t - 86_400e6 : Math.min(t, end);
}

/** Whether a node has not answered for some time, and is shown as it was before. */
const isSilent = ({ state, silentFor = 0 }) => state === 'up' && silentFor > 0;

/** Which nodes have blocks that they had not in the observation before. */
function newBlocks({ grown = [], nodes }) {
  if (!grown.length) return '';
  const heights = nodes.filter((node) => grown.includes(node.ordinal)).map((node) => node.height);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  return `; new blocks at ${nodesOf(grown)}, height ${low === high ? low : `${low} to ${high}`}`;
}

/** What differs between the status that is stored and what a pass found, and what becomes of it. */
const statusWords = ({ words, wait }) =>
  `the stored status is not as it is now: ${words}${wait ? `; such a difference may wait, ${lasts(wait)} from here` : ''}`;

/** An entry in one sentence. */
function wordsOf(entry) {
  const because = entry.words ? `: ${entry.words}` : '';
  switch (entry.kind) {
    case 'watch':
      return `watch of ${entry.resource}${entry.namespace ? ' in ' + entry.namespace : ''}, ${entry.event}${because}`;
    case 'change':
      return `${entry.resource} ${entry.object} ${typeWords(entry)}${because}${entry.concerns ? '' : ' (nothing that a pass looks at)'}`;
    case 'cause':
      return `cause: ${CAUSES[entry.cause] ?? entry.cause}${because}${entry.how ? '; ' + (HOWS[entry.how] ?? entry.how) : ''}`;
    case 'pass':
      return `pass ${entry.pass} begins, with ${count(causesInAll(entry), 'cause')}`;
    case 'observed':
      if (entry.as) return `pass ${entry.pass} found all as the stored status says, and nothing to do`;
      return `pass ${entry.pass} observed ${count(entry.nodes?.length ?? 0, 'node')} and ${count(entry.links?.length ?? 0, 'link')}${newBlocks(entry)}`;
    case 'unanswered':
      return `pass ${entry.pass} goes on without an answer of ${nodesOf(entry.nodes.map(({ ordinal }) => ordinal))}, and takes the one of before`;
    case 'plan':
      return `pass ${entry.pass} planned ${count(entry.differences?.length ?? 0, 'difference')}${because}`;
    case 'status':
      return `pass ${entry.pass} found that ${statusWords(entry)}`;
    case 'call':
      return `call to ${targetOf(entry)}: ${entry.words ?? callWords(entry)}, ${outcomeWords(entry)}`;
    case 'end':
      return `pass ${entry.pass} ends, ${entry.outcome}${because}${delaysWords(entry)}`;
    case 'leader':
      return `${entry.leads ? 'this process leads' : 'this process does not lead'}${because}`;
    case 'gone':
      return `${entry.network} is gone`;
    case 'world':
      return `outside, ${entry.who}: ${entry.words}`;
    default:
      return `${entry.kind}${because}`;
  }
}

/** The node of a call: it is named, or its pod is, which ends with the ordinal. */
const nodeOf = (call) => call.node ?? (call.pod ? Number(/\d+$/.exec(call.pod)?.[0]) : undefined);

/** The words of a call to a node, shortened; method and object of one to the API server. */
function callWords({ words, target = '' }) {
  const requests = words?.split(', ') ?? [];
  if (words) return requests.length > 3 ? `${requests[0]}, and ${requests.length - 1} more in one request` : words;
  return target.replace(/\?.*$/, '').replace(/\/apis?\/.*\/namespaces\/[^/]+\//, '');
}
const targetOf = (call) =>
  call.to === 'api' ? 'API server' : nodeOf(call) === undefined ? 'node' : `node ${nodeOf(call)}`;

/** An object may be patched before it is applied, all for one difference. */
const pathOf = (target = '') => target.replace(/^[A-Z]+ /, '').replace(/\?.*$/, '');

/**
 * A call names its difference, or has its target (of one that writes, the path of it), or its lane and node. One for the
 * lists may hold requests for links, too.
 * The difference of a Secret that is to be made has the word Secret as its target, and no request.
 */
const keysOfCall = (call) => {
  if (call.difference !== undefined) return [`#${call.difference}`];
  if (/^POST .*\/secrets\b/.test(call.target)) return ['Secret'];
  if (call.target) return [onlyReads(call) ? call.target : pathOf(call.target)];
  const alsoLinks = call.lane === 'lists' && /\bdisconnectnode\b|\bonetry\b/.test(call.words);
  return [call.lane, ...(alsoLinks ? ['links'] : [])].map((lane) => `${lane} ${nodeOf(call)}`);
};

function callGroups(calls) {
  const groups = new Map();
  for (const call of calls)
    for (const key of keysOfCall(call)) groups.has(key) ? groups.get(key).push(call) : groups.set(key, [call]);
  return groups;
}
function callsFor({ id, target, lane, node }, groups) {
  const keys = new Set([`#${id}`, target, pathOf(target), `${lane} ${node}`]);
  return [...keys].flatMap((key) => groups.get(key) ?? []);
}

/** Of the calls for a difference those that name the other end's address, if there are such. */
function closest(difference, calls, observed) {
  const others = new Set(
    [...difference.words.matchAll(/\bnode (\d+)/g)]
      .map((match) => Number(match[1]))
      .filter((ordinal) => ordinal !== difference.node),
  );
  const addresses = [
    ...(observed?.nodes ?? []).filter((node) => others.has(node.ordinal)).map((node) => node.address),
    ...difference.words.split(/[\s()]+/).filter((word) => /^[\da-f]+[.:][\da-f.:]+$/i.test(word)),
  ];
  const exact = calls.filter((call) => call.words?.split(/[ ,]+/).some((word) => addresses.includes(word)));
  return exact.length ? exact : calls;
}

/** Calls are recorded when they end. */
const NO_CALL = '; no call for it has ended up to this moment';

/** Whether this is the call by which a node says how it is. */
const saysHowItIs = (call) => call.lane === 'read' && /^getaddednodeinfo\b/.test(call.words);

/** A call that only reads does nothing, so nobody asks whether it was done. */
const onlyReads = (call) => call.lane === 'read' || call.target?.startsWith('GET ');

function outcomeWords(call) {
  return (
    (call.outcome === 'lost' && onlyReads(call) ? 'no answer' : (CALLS[call.outcome] ?? [call.outcome])[0]) +
    (call.micros === undefined ? '' : ` after ${lasts(call.micros)}`) +
    (call.why ? `: ${call.why}` : '')
  );
}
