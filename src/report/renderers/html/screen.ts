import type { Badge, CardsBlock, MatrixBlock, MatrixCell } from '../../document/document.ts';
import { htmlText } from '../../document/sanitize.ts';
import type { Inlines } from './inlines.ts';

export function htmlBadges(items: readonly Badge[]): string {
  const badges = items.map(({ tone, sign, text, href }) => {
    const mark = sign === '' ? '' : `<span aria-hidden="true">${htmlText(sign)}</span> `;
    return `<li><a class="badge ${tone}" href="${htmlText(href)}">${mark}${htmlText(text)}</a></li>`;
  });
  return `<ul class="badges">\n${badges.join('\n')}\n</ul>`;
}

/** Number of columns that fit in a narrow window. */
const manyRuntimes = 3;

/**
 * A table with explicit ARIA roles: a narrow window displays its rows as columns, and browsers would no longer expose it as a
 * table.
 */
function table(
  kind: 'cards' | 'matrix',
  caption: string,
  head: readonly string[],
  body: readonly string[],
): string {
  const many = body.length > manyRuntimes ? ' many' : '';
  return `<div class="scroll" role="region" aria-label="${htmlText(caption)}" tabindex="0"><table class="${kind}${many}" role="table" style="--rows: ${head.length}">
<caption class="unseen">${htmlText(caption)}</caption>
<thead role="rowgroup">${row(head)}</thead>
<tbody role="rowgroup">
${body.join('\n')}
</tbody>
</table></div>`;
}

const row = (cells: readonly string[], attributes = '') =>
  `<tr role="row"${attributes}>${cells.join('')}</tr>`;
const columnHeader = (html: string) => `<th role="columnheader" scope="col">${html}</th>`;
const rowHeader = (html: string) => `<th role="rowheader" scope="row">${html}</th>`;

/** Cards as a table, with one row per runtime. */
export function htmlCards({ caption, corner, terms, cards }: CardsBlock, inlines: Inlines): string {
  const head = [columnHeader(htmlText(corner)), ...terms.map((term) => columnHeader(htmlText(term)))];
  const body = cards.map(({ runtime, about, values }) =>
    row(
      [
        rowHeader(`${inlines.runtime(runtime)} <span class="about">${htmlText(about)}</span>`),
        ...values.map(({ value, beside }, i) => {
          const term = `<span class="term" aria-hidden="true">${htmlText(terms[i] ?? '')}</span>`;
          const more = beside.length === 0 ? '' : ` <span class="beside">${inlines.text(beside)}</span>`;
          return `<td role="cell">${term}<strong>${inlines.text(value)}</strong>${more}</td>`;
        }),
      ],
      inlines.dataRuntime(runtime),
    ),
  );
  return table('cards', caption, head, body);
}

export function htmlMatrix({ caption, corner, columns, rows }: MatrixBlock, inlines: Inlines): string {
  const head = [
    columnHeader(htmlText(corner)),
    ...columns.map(({ title, about }) =>
      columnHeader(`${htmlText(title)} <span class="about">${htmlText(about)}</span>`),
    ),
  ];
  const body = rows.map(({ runtime, about, cells }) =>
    row(
      [
        rowHeader(
          `${inlines.runtime(runtime)}${about === undefined ? '' : ` <span class="about">${htmlText(about)}</span>`}`,
        ),
        ...cells.map((cell) => matrixCell(cell, cells.length === 1 ? columns.length : 1, inlines)),
      ],
      inlines.dataRuntime(runtime),
    ),
  );
  return table('matrix', caption, head, body);
}

function matrixCell({ tone, lines, href }: MatrixCell, span: number, inlines: Inlines): string {
  const [finding = [], ...more] = lines;
  const wide = span === 1 ? '' : ` colspan="${span}" aria-colspan="${span}"`;
  const rest = more.map((line) => `<span class="line">${inlines.text(line)}</span>`).join('');
  const toneClass = 'level' in tone ? `${tone.kind} level-${tone.level}` : tone.kind;
  return `<td role="cell" class="${toneClass}"${wide}><a href="${htmlText(href)}">${inlines.text(finding)}</a>${rest}</td>`;
}
