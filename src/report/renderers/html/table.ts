import type { Block, Column, Text } from '../../document.ts';
import { htmlText } from '../../sanitize.ts';
import type { Inlines } from './inlines.ts';

type Table = Extract<Block, { readonly kind: 'table' }>;

/** A table that scrolls in a box of its own where it is too wide. `name`: for those who do not see what stands above it. */
export function htmlTable({ columns, rows }: Table, name: string, inlines: Inlines): string {
  const head = columns.map(
    (column) => `<th scope="col"${attributes(column, [], inlines)}>${htmlText(column.title)}</th>`,
  );
  let lead: Text = [];
  const body = rows.map((cells) => {
    const [first = [], ...others] = cells;
    const leads = first.length > 0;
    if (leads) lead = first;
    if (others.length === 0 && columns.length > 1)
      return `<tr class="group"><td colspan="${columns.length}">${inlines.text(first)}</td></tr>`;
    const label =
      leads || lead.length === 0
        ? inlines.text(first)
        : `<span class="ditto">${inlines.text(lead.map(withoutAnchor))}</span>`;
    const [column, ...more] = columns;
    return `<tr${rowAttributes(cells, leads, inlines)}><th scope="row"${attributes(column, first, inlines)}>${label}</th>${others
      .map((cell, i) => `<td${attributes(more[i], cell, inlines)}>${inlines.text(cell)}</td>`)
      .join('')}</tr>`;
  });
  return `<div class="scroll" role="region" aria-label="${htmlText(name)}" tabindex="0"><table>
<caption class="unseen">${htmlText(name)}</caption>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

/** A repeated label is not led to. */
function withoutAnchor(part: Text[number]): Text[number] {
  return part.kind === 'anchor' ? { kind: 'text', text: part.text } : part;
}

function attributes(column: Column | undefined, cell: Text, inlines: Inlines): string {
  const value = cell.find((part) => part.kind === 'value');
  return [
    column?.align === 'right' ? ' class="number"' : '',
    inlines.dataRuntime(column?.runtime),
    value === undefined ? '' : ` data-value="${value.value}"`,
  ].join('');
}

/** What filters look at: the runtime of a row, and whether it claims a difference. */
function rowAttributes(cells: readonly Text[], leads: boolean, inlines: Inlines): string {
  const all = cells.flat();
  const runtime = all.find((part) => part.kind === 'runtime');
  const judged = all.find((part) => part.kind === 'verdict' && part.differs !== undefined);
  const differs = judged?.kind === 'verdict' ? judged.differs : undefined;
  return [
    leads ? ' class="group"' : '',
    inlines.dataRuntime(runtime?.text),
    differs === undefined ? '' : ` data-differs="${differs}"`,
  ].join('');
}
