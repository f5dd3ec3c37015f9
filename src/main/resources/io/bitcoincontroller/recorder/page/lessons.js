'use strict';
/* The lessons: recordings with stops, which the controller has, or this file itself. */

/** Where this page is a file with all lessons in it. */
const lessonsHere = $('lessons-here') && JSON.parse($('lessons-here').textContent);

async function answerOf(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
  return answer;
}
const lessonsList = async () => lessonsHere?.list ?? (await answerOf('lessons')).json();
const lessonText = async (name) => lessonsHere?.files[name] ?? (await answerOf(`lessons/${name}`)).text();

/** The recordings of one lesson: its own, and the others of the same story. */
const recordingsOf = ({ name, others }) => [{ name, label: 'As it is' }, ...others];

async function showLessons() {
  try {
    const list = await lessonsList();
    $('lessons-list').replaceChildren(
      ...list.map(({ name, title, words, others }) => {
        const button = el('button', { className: 'entry' }, title);
        button.dataset.lesson = name;
        const more = others.map(({ label }) => label.toLowerCase()).join(', ');
        return el('li', {}, button, ' ', words, more && el('span', { className: 'soft' }, ` Beside it: ${more}.`));
      }),
    );
    $('lessons-leave').hidden = !page.lesson || Boolean(lessonsHere);
    $('lessons').showModal();
  } catch (e) {
    tell(`The lessons can't be had: ${e.message}. scripts/lessons.sh opens them without a controller.`);
  }
}

/** Opens a recording of a lesson, with another one of the same story beside it. */
async function openLesson(name, moment) {
  try {
    const lesson = (await lessonsList()).find((each) => recordingsOf(each).some((one) => one.name === name));
    if (!lesson) throw new Error(`there is none of the name ${name}`);
    const recordings = recordingsOf(lesson);
    const own = recordings.find((one) => one.name === name);
    const beside = own === recordings[0] ? recordings[1] : recordings[0];
    const [recording, second] = await Promise.all(
      [own, beside].map(async (one) => one && recordingOf(await lessonText(one.name), one.label)),
    );
    $('lessons').close();
    disconnect();
    const panel = name === lesson.name ? 'now' : 'sides';
    const nobody = { mark: undefined, node: undefined, nodeBefore: undefined };
    Object.assign(page, { lesson: { name, lesson }, second, panel, ...nobody });
    show(recording);
    const stop = moment === undefined ? recording.stops[0] : recording.stops.find(({ t }) => t === moment);
    stop ? goToStop(stop) : goTo(moment);
  } catch (e) {
    tell(`This lesson can't be opened: ${e.message}.`);
  }
}

/** The nearest stop before this moment, or after it. */
function nextStop(direction) {
  const { stops } = page.recording;
  const moment = momentShown();
  return direction > 0 ? stops.find(({ t }) => t > moment) : stops.findLast(({ t }) => t < moment);
}

function stepStop(direction) {
  const stop = nextStop(direction);
  if (stop) goToStop(stop);
}

/** To the entry of the stop, so that its bead and its card are shown, with the question and the two nodes that it tells of. */
function goToStop({ seq, opens = 'now', between = [] }) {
  if (page.lesson) Object.assign(page, { panel: opens, stack: undefined });
  goToEntry(seq);
  if (between.length) [$('one').value, $('other').value] = between;
}

/** The stop is the last one up to the moment, whatever led there. */
function drawStops({ moment }) {
  const { start, stops } = page.recording;
  $('stop').hidden = !stops.length;
  if (!stops.length) return;
  const { lesson, name } = page.lesson ?? {};
  part('lesson-title', `${generation} ${start.title}`, () => start.title ?? 'A recording with stops');
  part('lesson-others', `${generation} ${name}`, () =>
    lesson?.others.length ? recordingsOf(lesson).map((one) => lessonButton(one, name)) : [],
  );
  $('stop-before').disabled = !nextStop(-1);
  $('stop-next').disabled = !nextStop(1);
  const at = stops.findLastIndex(({ t }) => t <= moment);
  const later = at < 0 ? 0 : moment - stops[at].t;
  $('stop-words').className = later ? 'left' : '';
  part('stop-words', `${generation} ${at}`, () => stopWords(stops, at));
  part('stop-passed', `${generation} ${at} ${later}`, () =>
    later ? [`The page shows a moment ${lasts(later)} later. `, el('button', { id: 'stop-back' }, 'Back to this stop')] : [],
  );
}

function lessonButton({ name, label }, chosen) {
  const button = el('button', {}, label);
  button.dataset.lesson = name;
  button.setAttribute('aria-pressed', name === chosen);
  return button;
}

/** Where the sources are at hand, the file that decides is a link. */
function stopWords(stops, at) {
  if (at < 0) return `This moment is before the first of ${count(stops.length, 'stop')} where something is told.`;
  const { title, words, source } = stops[at];
  const file = lessonsHere
    ? el('a', { href: `../src/main/java/io/bitcoincontroller/${source}` }, source)
    : source;
  const decides = source ? el('span', { className: 'soft' }, ' ', file) : undefined;
  const name = title && el('b', {}, /[?!]$/.test(title) ? `${title} ` : `${title}. `);
  return [`${at + 1} of ${stops.length} `, name, words, decides].filter(Boolean);
}

$('lessons-open').addEventListener('click', showLessons);
$('lessons-close').addEventListener('click', () => $('lessons').close());
$('lessons-leave').addEventListener('click', () => location.assign(location.pathname));
$('stop-before').addEventListener('click', () => stepStop(-1));
$('stop-next').addEventListener('click', () => stepStop(1));
document.addEventListener('click', ({ target }) => {
  const name = target.closest?.('[data-lesson]')?.dataset.lesson;
  if (name) openLesson(name);
  if (target.id === 'stop-back') goToStop(page.recording.stops.findLast(({ t }) => t <= momentShown()));
});
if (lessonsHere && !location.hash.includes('lesson=')) showLessons();
