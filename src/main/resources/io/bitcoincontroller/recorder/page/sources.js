'use strict';
/* Where entries come from: a controller, or a file. */

function show(recording) {
  generation++;
  choose({ recording, focus: undefined, stack: undefined });
}

/** Goes on after the last entry that is here. Another process has another recording, from its beginning. */
function connect(after) {
  page.stream?.close();
  const stream = new EventSource(`record/events?after=${after}`);
  page.stream = stream;
  stream.onmessage = ({ data }) => {
    const entry = JSON.parse(data);
    if (entry.kind === 'start') {
      started(entry, after);
    } else if (entry.seq > (page.recording.last?.seq ?? 0)) {
      page.recording.add(entry, data.length);
      changed();
    }
  };
  stream.onerror = () => {
    stream.close();
    choose({ lost: newest(), connected: false });
    setTimeout(() => page.stream === stream && connect(page.recording.last?.seq ?? 0), TRY_AGAIN_MILLIS);
  };
}

function started(start, after) {
  const isSame = page.recording.start.controller === start.controller && start.mono >= (page.recording.last?.t ?? 0);
  if (!isSame && after) return connect(0);
  if (!after) show(new Recording(start, Math.max(start.bytes ?? 0, DEFAULT_BYTES)));
  choose({ offset: start.mono - performance.now() * 1000, connected: true });
}

function disconnect() {
  page.stream?.close();
  choose({ stream: undefined, connected: false, isFile: true, network: '' });
}
let asSecond = false;

async function openFile(file) {
  try {
    if (file.size > LARGEST_FILE) throw new Error(`A recording has at most ${LARGEST_FILE >> 20} MiB.`);
    const recording = recordingOf(await file.text(), file.name);
    if (asSecond) return choose({ second: recording, panel: 'sides' });
    disconnect();
    page.mark = undefined;
    page.lesson = undefined;
    page.network = recording.start.network ?? '';
    show(recording);
    recording.stops.length ? goToStop(recording.stops[0]) : goLive();
  } catch (e) {
    tell(`${file.name} can't be opened. ${e.message}`);
  }
}

function save() {
  const url = URL.createObjectURL(new Blob([page.recording.lines(page.network)], { type: 'application/x-ndjson' }));
  const name = `recording-${dateAt(page.recording, newest()).toISOString().slice(0, 19).replaceAll(':', '')}.ndjson`;
  el('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function swap() {
  const [first, second] = [page.recording, page.second];
  disconnect();
  page.second = first;
  page.lesson = undefined;
  show(second);
  goLive();
}
