import type { PageData } from '../document/page-data.ts';
import { csvOf, markdownOf, type TableText } from './table-text.ts';

/** Adds buttons above every table in a fold: copy as Markdown, and save as CSV. */
export function offerTables(words: PageData['tables']): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('.fold table')) {
    const name = table.caption?.textContent ?? '';
    const tools = document.createElement('div');
    tools.className = 'tools';
    const said = document.createElement('span');
    said.setAttribute('role', 'status');
    const button = (text: string, work: () => void) => {
      const made = document.createElement('button');
      made.type = 'button';
      made.textContent = text;
      made.setAttribute('aria-label', `${text}: ${name}`);
      made.addEventListener('click', work);
      return made;
    };
    tools.append(
      button(words.markdown, () => {
        copy(markdownOf(textOf(table)), tools).then((isCopied) => {
          said.textContent = isCopied ? words.copied : words.notCopied;
        });
      }),
      button(words.csv, () => save(csvOf(textOf(table)), `${slug(name)}.csv`)),
      said,
    );
    (table.closest('.scroll') ?? table).before(tools);
  }
}

/** The visible part of a table, without filtered rows and columns, in the current order. */
function textOf(table: HTMLTableElement): TableText {
  const shown = (cells: Iterable<HTMLTableCellElement>) => [...cells].filter((cell) => !cell.hidden);
  const rows = [...(table.tBodies[0]?.rows ?? [])].filter(
    (row) => !row.hidden && !row.classList.contains('out'),
  );
  return {
    columns: shown(table.tHead?.rows[0]?.cells ?? []).map((cell) => ({
      title: lineOf(cell),
      isNumber: cell.classList.contains('number'),
    })),
    rows: rows.map((row) => shown(row.cells).map(lineOf)),
  };
}

/** The text of a cell, on one line. */
function lineOf(cell: HTMLTableCellElement): string {
  const copied = cell.cloneNode(true) as HTMLTableCellElement;
  for (const end of copied.querySelectorAll('br')) end.replaceWith(' ');
  return copied.textContent.replaceAll(/\s+/g, (space) => (/[\n\t]/.test(space) ? ' ' : space)).trim();
}

/** Copies a text. Pages loaded over plain HTTP have no clipboard API: there it copies a selection instead. */
async function copy(text: string, beside: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'unseen';
    beside.append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    return isCopied;
  }
}

function save(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  // Delayed: Firefox reads the content after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
}
