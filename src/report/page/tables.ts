/** Gives the headings of every table a button that sorts its rows. */
export function makeTablesSortable(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('.fold table')) {
    const headings = [...table.querySelectorAll<HTMLTableCellElement>('thead th')];
    const original = [...(table.tBodies[0]?.rows ?? [])];
    if (original.length < 2) continue;
    headings.forEach((heading, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener('click', () => sort(table, headings, column, original));
    });
  }
}

/** The first click sorts ascending, the second descending, the third as in the report. */
function sort(
  table: HTMLTableElement,
  headings: readonly HTMLTableCellElement[],
  column: number,
  original: readonly HTMLTableRowElement[],
): void {
  const before = headings[column]?.ariaSort ?? null;
  const now = before === 'ascending' ? 'descending' : before === 'descending' ? null : 'ascending';
  headings.forEach((heading, i) => {
    if (i === column && now !== null) heading.ariaSort = now;
    else heading.removeAttribute('aria-sort');
  });
  // Cells that repeat the row above omit their text only in the order of the report.
  table.toggleAttribute('data-sorted', now !== null);
  const rows = now === null ? original : original.toSorted(byColumn(column, now === 'ascending' ? 1 : -1));
  table.tBodies[0]?.append(...rows);
}

/** Compares by number where cells have one, else by text; empty cells come last in both directions. */
function byColumn(
  column: number,
  direction: 1 | -1,
): (a: HTMLTableRowElement, b: HTMLTableRowElement) => number {
  const keyOf = (row: HTMLTableRowElement) => {
    const cell = row.cells[column];
    const text = cell?.textContent?.trim() ?? '';
    const value = cell?.dataset.value ?? (/^\d+$/.test(text) ? text : undefined);
    return { text, number: value === undefined ? Number.NaN : Number(value) };
  };
  return (left, right) => {
    const [a, b] = [keyOf(left), keyOf(right)];
    if (a.text === '' || b.text === '') return Number(a.text === '') - Number(b.text === '');
    if (Number.isNaN(a.number) || Number.isNaN(b.number))
      return (
        Number(Number.isNaN(a.number)) - Number(Number.isNaN(b.number)) ||
        direction * a.text.localeCompare(b.text, document.documentElement.lang, { numeric: true })
      );
    return direction * (a.number - b.number);
  };
}

/** Hides the rows of the runtimes with those indices, and the columns about a single one of them. */
export function hideRuntimes(hidden: ReadonlySet<string>): void {
  for (const item of document.querySelectorAll<HTMLElement>('[data-runtime]'))
    item.hidden = hidden.has(item.dataset.runtime ?? '');
  for (const table of document.querySelectorAll('table'))
    table.toggleAttribute('data-partial', hidden.size > 0);
}
