'use strict';
/* What a person does. */

const onClick = (id, act) => $(id).addEventListener('click', act);

/** Of two nodes that are clicked one after the other, the pair is chosen, too. */
function chooseNode(ordinal) {
  const isSecond = page.node !== undefined && page.node !== ordinal;
  if (!isSecond && $('other').value === String(ordinal)) $('other').value = $('one').value;
  $('one').value = String(isSecond ? page.node : ordinal);
  if (isSecond) $('other').value = String(ordinal);
  page.nodeBefore = isSecond ? page.node : undefined;
  page.node = page.node === ordinal ? undefined : ordinal;
  changed();
}
const chooseNoNode = () => page.node !== undefined && choose({ node: undefined, nodeBefore: undefined });

document.addEventListener('click', ({ target }) => {
  if (target.closest?.('#mesh') && !target.closest('[data-node],.link')) chooseNoNode();
  const marked = target.closest?.(
    '[data-step],[data-entry],[data-pass],[data-seq],[data-node],[data-panel],[data-stack],[data-moment],#unfold,#swap',
  );
  if (!marked) return;
  const { step: seconds, entry, pass, seq, node, panel, stack, moment } = marked.dataset;
  if (seconds) goTo(momentShown() + Number(seconds) * 1e6);
  else if (entry) stepEntry(Number(entry));
  else if (marked.tagName === 'BUTTON' && pass) stepPass(Number(pass));
  else if (seq) goToEntry(Number(seq));
  else if (pass) goToPass(Number(pass));
  else if (node) chooseNode(Number(node));
  else if (panel) Object.assign(page, { panel, stack: undefined });
  else if (moment) goTo(Number(moment));
  else if (stack) Object.assign(page, { panel: 'entries', stack });
  else if (marked.id === 'swap') swap();
  else page.unfolded = true;
  changed();
});
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches?.('#moment,#filter')) return;
  if ($('words').open || $('lessons').open) return;
  const acts = {
    '[': () => stepEntry(-1),
    ']': () => stepEntry(1),
    '{': () => stepPass(-1),
    '}': () => stepPass(1),
    Escape: chooseNoNode,
  };
  if (page.recording.stops.length) Object.assign(acts, { ',': () => stepStop(-1), '.': () => stepStop(1) });
  if (acts[event.key]) {
    event.preventDefault();
    acts[event.key]();
  }
});
$('scrubber').addEventListener('keydown', (event) => {
  const seconds = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
  if (seconds) goTo(momentShown() + seconds * 1e6);
  else if (event.key === 'Home') goTo(page.recording.first?.t ?? 0);
  else if (event.key === 'End') goLive();
  else return;
  event.preventDefault();
});
$('scrubber').addEventListener('input', () => goTo(Number($('scrubber').value)));
$('moment').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  const moment = momentOf(page.recording, $('moment').value, newest());
  $('moment').setAttribute('aria-invalid', moment === undefined);
  if (moment === undefined) return tell('Write a time such as 12:03:07.');
  $('moment').blur();
  goTo(moment);
});
$('network').addEventListener('change', () => choose({ network: $('network').value, node: undefined, nodeBefore: undefined, stack: undefined }));
for (const id of ['one', 'other']) $(id).addEventListener('change', changed);
$('all').addEventListener('change', () => choose({ all: $('all').checked }));
$('table-details').addEventListener('toggle', changed);
$('filter').addEventListener('input', () => choose({ filter: $('filter').value, stack: undefined }));
for (const id of ['slowest', 'recent']) onClick(id, () => choose({ [id]: !page[id], stack: undefined }));
onClick('live', goLive);
onClick('mark', () => choose({ mark: momentShown(), panel: 'compare' }));
onClick('copy', async () => {
  goTo(momentShown(), page.focus);
  hashAt = 0;
  setHash();
  try {
    await navigator.clipboard.writeText(location.href);
    tell('The address is copied.');
  } catch {
    tell('The address of this moment stands in the address line.');
  }
});
onClick('save', save);
onClick('load', () => {
  asSecond = false;
  $('file').click();
});
onClick('load-second', () => {
  asSecond = true;
  $('file').click();
});
$('file').addEventListener('change', () => {
  const [file] = $('file').files;
  $('file').value = '';
  if (file) openFile(file);
});
onClick('help', () => $('words').showModal());
onClick('words-close', () => $('words').close());
window.addEventListener('hashchange', readHash);
window.addEventListener('resize', changed);
document.addEventListener('visibilitychange', changed);
const watcher = new IntersectionObserver((seen) => {
  seen.forEach(({ target, isIntersecting }) => (isIntersecting ? hidden.delete(target) : hidden.add(target)));
  changed();
});
for (const id of ['mesh', 'lanes', 'pass', 'answer']) watcher.observe($(id));

/** Time goes on where nothing happens, too: fast only while a short delay shrinks. */
function tick() {
  const delay = page.recording.state.networks.get(page.network)?.delay;
  const short = delay && delay.due - delay.t < 20e6 && delay.due > newest();
  setTimeout(tick, calm.matches ? 2000 : short ? 250 : 1000);
  if (page.live && page.connected) changed();
}
tick();
readHash();
if (location.protocol.startsWith('http')) connect(0);
