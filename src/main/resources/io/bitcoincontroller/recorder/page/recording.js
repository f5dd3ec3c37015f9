'use strict';
/* The recording: the last entries, in chunks. */

/** Of the recordings that this page reads. In 1 a delay was an entry of its own. */
const FORMAT = 2;
const CHUNK = 128;
const DEFAULT_BYTES = 4 << 20;
const LARGEST_FILE = 64 << 20;

/** The last entries, in chunks. Each chunk knows the state before it, so that no moment needs more than one chunk. */
class Recording {
  constructor(start, mostBytes, label = start.controller) {
    this.start = start;
    this.label = label; // for people
    this.mostBytes = mostBytes;
    this.chunks = [{ before: nothingYet(), entries: [], bytes: 0 }];
    this.begin = 0; // position of the oldest entry that is kept
    this.end = 0; // position after the newest
    this.bytes = 0;
    this.state = nothingYet(); // after the newest
    this.passes = new Map(); // number -> the entries of that pass
    this.delays = new Map(); // id of its cause -> the number of the pass that asked for it
    this.stops = [];
  }
  /** Bytes are those of the entry's text. The oldest chunks go when the ring is full. */
  add(entry, bytes) {
    if (entry.kind === 'stop') {
      this.stops.push(entry);
      return;
    }
    const known = entry.same && this.state.networks.get(entry.network)?.[entry.kind];
    const whole = known ? { ...known, ...entry } : entry;
    if (entry.kind === 'observed') {
      // not enumerable, so it is not saved: it follows from the entries
      const before = this.state.networks.get(entry.network)?.observed;
      Object.defineProperty(whole, 'grown', { value: grownSince(before, whole) });
    } else if (entry.kind === 'end') {
      const plan = this.passes.get(entry.pass)?.find((each) => each.kind === 'plan');
      Object.defineProperty(whole, 'plan', { value: plan });
      entry.delays?.forEach(({ id }) => this.delays.set(id, entry.pass));
    }
    const chunk = this.chunks.at(-1);
    chunk.entries.push(whole);
    chunk.bytes += bytes;
    this.bytes += bytes;
    this.end++;
    if (whole.pass)
      this.passes.has(whole.pass) ? this.passes.get(whole.pass).push(whole) : this.passes.set(whole.pass, [whole]);
    step(this.state, whole);
    if (chunk.entries.length === CHUNK) this.chunks.push({ before: copyOf(this.state), entries: [], bytes: 0 });
    while (this.bytes > this.mostBytes && this.chunks.length > 2) this.dropOldest();
  }
  dropOldest() {
    const chunk = this.chunks.shift();
    this.begin += chunk.entries.length;
    this.bytes -= chunk.bytes;
    const dropped = new Set(chunk.entries);
    for (const { delays = [] } of chunk.entries) delays.forEach(({ id }) => this.delays.delete(id));
    for (const number of new Set(chunk.entries.map((entry) => entry.pass).filter(Boolean))) {
      const kept = this.passes.get(number).filter((entry) => !dropped.has(entry));
      kept.length ? this.passes.set(number, kept) : this.passes.delete(number);
    }
  }
  at(position) {
    const offset = position - this.begin;
    return offset < 0 || position >= this.end
      ? undefined
      : this.chunks[Math.floor(offset / CHUNK)].entries[offset % CHUNK];
  }
  get first() {
    return this.at(this.begin);
  }
  get last() {
    return this.at(this.end - 1);
  }
  /** The position after the last entry whose field (seq or t, both only grow) is at most this. */
  upTo(field, value) {
    let low = this.begin;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >> 1;
      this.at(middle)[field] <= value ? (low = middle + 1) : (high = middle);
    }
    return low;
  }
  bySeq(seq) {
    const entry = this.at(this.upTo('seq', seq) - 1);
    return entry?.seq === seq ? entry : undefined;
  }
  /** The state after the entry before this position. */
  stateAt(position) {
    if (position >= this.end) return this.state;
    const offset = Math.max(0, position - this.begin);
    const chunk = this.chunks[Math.floor(offset / CHUNK)];
    const state = copyOf(chunk.before);
    chunk.entries.slice(0, offset % CHUNK).forEach((entry) => step(state, entry));
    return state;
  }
  /** The nearest entry in this direction that is wanted. */
  find(position, direction, wanted) {
    for (let at = position; at >= this.begin && at < this.end; at += direction)
      if (wanted(this.at(at))) return this.at(at);
    return undefined;
  }
  /**
   * As a file; the first line is the start, with the network that is shown. An entry that only names an earlier one is
   * written as it came.
   */
  lines(network) {
    const asItCame = ({ seq, t, kind, pass, network, same }) => ({ seq, t, kind, pass, network, same });
    const entries = this.chunks
      .flatMap((chunk) => chunk.entries)
      .map((entry) => (entry.same && this.bySeq(entry.same) ? asItCame(entry) : entry));
    return [{ ...this.start, network }, ...entries, ...this.stops].map((each) => JSON.stringify(each)).join('\n') + '\n';
  }
}

/** Reads a file of one JSON object a line. Throws an Error that says which line can't be read. */
function recordingOf(text, label) {
  const lines = text.split('\n');
  const start = parsed(lines[0], 1);
  if (start.kind !== 'start' || start.format !== FORMAT)
    throw new Error(`This is no recording of format ${FORMAT}: its first line is no "start" of that format.`);
  const recording = new Recording(start, LARGEST_FILE, label);
  lines.forEach((line, index) => {
    if (index > 0 && line.trim()) recording.add(parsed(line, index + 1), line.length);
  });
  if (!recording.last) throw new Error('This recording has no entries.');
  return recording;
}

function parsed(line, number) {
  try {
    return JSON.parse(line);
  } catch (e) {
    throw new Error(`Line ${number} is no JSON: ${e.message}`);
  }
}
