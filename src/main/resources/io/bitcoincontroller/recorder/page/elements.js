'use strict';
/* Elements of the document. Texts of a recording are only ever texts. */

function el(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.flat().filter((child) => child !== undefined));
  return element;
}

function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  Object.entries(attributes).forEach(([name, value]) => value !== undefined && element.setAttribute(name, value));
  element.append(...children.flat().filter((child) => child !== undefined));
  return element;
}
const titled = (words) => svg('title', {}, words);
const fixed = (number) => number.toFixed(1);

function tableOf(head, rows, className = '') {
  return el(
    'table',
    { className },
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        head.map((name) => el('th', { scope: 'col' }, name)),
      ),
    ),
    el(
      'tbody',
      {},
      rows.map((row) =>
        el(
          'tr',
          {},
          row.map((cell) => el('td', {}, ...[cell].flat())),
        ),
      ),
    ),
  );
}

function entryButton(entry, text) {
  const button = el('button', { className: 'entry' }, text);
  button.dataset.seq = entry.seq;
  return button;
}
const partsOf = ({ parts }) => parts.map((part) => (typeof part === 'string' ? part : entryButton(part, part.text)));

/** Lines as paragraphs, and items that follow each other as one list. */
function storyOf(lines) {
  const blocks = [];
  for (const each of lines) {
    if (!each.item) {
      blocks.push(el('p', {}, ...partsOf(each)));
    } else {
      blocks.at(-1)?.tagName === 'UL' || blocks.push(el('ul'));
      blocks.at(-1).append(el('li', {}, ...partsOf(each)));
    }
  }
  return blocks;
}
