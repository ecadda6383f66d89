import type { PageData } from '../document/page-data.ts';
import type { PageState } from './state.ts';

/**
 * Hides the rows of workloads that do not match the state, and opens the sections with matches of a search. A baseline stays if
 * another row of its workload stays.
 */
export function filterRows({ search, differences }: PageState, words: PageData['found']): void {
  const terms = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set<string>();
  for (const table of document.querySelectorAll<HTMLTableElement>('.fold table')) {
    if (table.querySelector('.anchor, .ditto') === null) continue;
    const rows = [...(table.tBodies[0]?.rows ?? [])].map((row) => ({ row, label: labelOf(row) }));
    const matching = rows.filter(({ label }) => terms.every((term) => label.toLowerCase().includes(term)));
    const differing = new Set(
      matching.filter(({ row }) => row.dataset.differs === 'true').map(({ label }) => label),
    );
    const isJudged = rows.some(({ row }) => row.dataset.differs !== undefined);
    const isShown = ({ row, label }: (typeof rows)[number]) =>
      !differences || !isJudged || (row.dataset.differs !== 'false' && differing.has(label));
    const shown = new Set(matching.filter(isShown).map(({ row }) => row));
    for (const { row } of rows) row.classList.toggle('out', !shown.has(row));
    table.toggleAttribute('data-filtered', shown.size < rows.length);
    if (isJudged) for (const { row, label } of rows) if (shown.has(row)) found.add(label);
    if (terms.length > 0 && isJudged && shown.size > 0) openAround(table);
  }
  const output = document.querySelector('output.found');
  if (output === null) return;
  const [none, one, many] = words;
  const n = found.size;
  const said = n === 0 ? none : n === 1 ? one : many.replace('{n}', String(n));
  output.textContent = terms.length === 0 && !differences ? '' : said;
}

/** The workload of a row; further rows repeat it for screen readers. */
function labelOf(row: HTMLTableRowElement): string {
  return row.cells[0]?.textContent?.trim() ?? '';
}

/** Opens every folded part around an element. */
export function openAround(element: Element): void {
  for (let at = element.parentElement; at !== null; at = at.parentElement)
    if (at instanceof HTMLDetailsElement) at.open = true;
}
