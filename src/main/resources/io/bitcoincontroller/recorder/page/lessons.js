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
    const beside = name === lesson.name ? lesson.others[0]?.name : lesson.name;
    const [recording, second] = await Promise.all(
      [name, beside].map(async (each) => each && recordingOf(await lessonText(each))),
    );
    $('lessons').close();
    disconnect();
    const panel = name === lesson.name ? 'now' : 'sides';
    const nobody = { mark: undefined, node: undefined, nodeBefore: undefined };
    Object.assign(page, { lesson: { name, lesson }, second, panel, ...nobody });
    show(recording);
    stepStop(1);
    if (moment !== undefined) goTo(moment);
  } catch (e) {
    tell(`This lesson can't be opened: ${e.message}.`);
  }
}

/** To the entry of the stop, so that its bead and its card are shown, with the question and the two nodes that it tells of. */
function stepStop(direction) {
  const stops = page.recording.stops;
  page.stop = Math.min(Math.max(page.stop + direction, 0), stops.length - 1);
  const { seq, opens = 'now', between = [] } = stops[page.stop];
  if (page.lesson) Object.assign(page, { panel: opens, stack: undefined });
  goToEntry(seq);
  if (between.length) [$('one').value, $('other').value] = between;
}

function drawStops() {
  const { start, stops } = page.recording;
  $('stop').hidden = !stops.length;
  if (!stops.length) return;
  const { lesson, name } = page.lesson ?? {};
  part('lesson-title', `${generation} ${start.title}`, () => start.title ?? 'A recording with stops');
  part('lesson-others', `${generation} ${name}`, () =>
    lesson?.others.length ? recordingsOf(lesson).map((one) => lessonButton(one, name)) : [],
  );
  $('stop-before').disabled = page.stop <= 0;
  $('stop-next').disabled = page.stop >= stops.length - 1;
  part('stop-words', `${generation} ${page.stop}`, () => stopWords(stops[page.stop], page.stop, stops.length));
}

function lessonButton({ name, label }, chosen) {
  const button = el('button', {}, label);
  button.dataset.lesson = name;
  button.setAttribute('aria-pressed', name === chosen);
  return button;
}

/** Where the sources are at hand, the file that decides is a link. */
function stopWords(stop, at, all) {
  if (!stop) return `This recording has ${count(all, 'stop')} where something is told.`;
  const { title, words, source } = stop;
  const file = lessonsHere
    ? el('a', { href: `../src/main/java/io/bitcoincontroller/${source}` }, source)
    : source;
  const decides = source ? el('span', { className: 'soft' }, ' ', file) : undefined;
  return [`${at + 1} of ${all} `, title && el('b', {}, /[?!]$/.test(title) ? `${title} ` : `${title}. `), words, decides].filter(Boolean);
}

$('lessons-open').addEventListener('click', showLessons);
$('lessons-close').addEventListener('click', () => $('lessons').close());
$('lessons-leave').addEventListener('click', () => location.assign(location.pathname));
$('stop-before').addEventListener('click', () => stepStop(-1));
$('stop-next').addEventListener('click', () => stepStop(1));
document.addEventListener('click', ({ target }) => {
  const name = target.closest?.('[data-lesson]')?.dataset.lesson;
  if (name) openLesson(name);
});
if (lessonsHere && !location.hash.includes('lesson=')) showLessons();
