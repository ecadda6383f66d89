import type { DashboardData } from '../data.ts';
import { fill } from './fill.ts';

/** Filter of the list of series. */
interface Filter {
  readonly search: string;
  readonly moved: boolean;
  /** Empty: every kind. */
  readonly kind: string;
}

/** Hides the rows that do not match the filter, and shows the number of matches. */
function filterList({ search, moved, kind }: Filter, words: DashboardData['words']): void {
  const terms = search.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const body of document.querySelectorAll<HTMLTableSectionElement>('table.series tbody')) {
    const rows = [...body.rows].filter((row) => !row.classList.contains('group'));
    for (const row of rows) {
      const { search: text = '', kind: own } = row.dataset;
      const isShown =
        terms.every((term) => text.includes(term)) &&
        (!moved || row.dataset.moved !== undefined) &&
        (kind === '' || kind === own);
      row.classList.toggle('out', !isShown);
      if (isShown) found++;
    }
    body.hidden = rows.every((row) => row.classList.contains('out'));
  }
  const output = document.querySelector('output.found');
  if (output === null) return;
  const said =
    found === 0 ? words.foundNone : found === 1 ? words.foundOne : fill(words.foundMany ?? '', { n: found });
  output.textContent = terms.length === 0 && !moved && kind === '' ? '' : (said ?? '');
}

/** Shows the controls, which need the script, and connects them: filter of the list, and choice of colours. */
export function startList(words: DashboardData['words']): void {
  const menu = document.getElementById('controls');
  const form = menu?.querySelector('form');
  if (menu === null || form === null || form === undefined) return;
  menu.hidden = false;
  const field = <T extends Element>(selector: string) => form.querySelector<T>(selector);
  const update = () => {
    const theme = field<HTMLSelectElement>('select[name="theme"]')?.value;
    document.documentElement.dataset.theme = theme ?? 'auto';
    filterList(
      {
        search: field<HTMLInputElement>('input[name="q"]')?.value ?? '',
        moved: field<HTMLInputElement>('input[name="moved"]')?.checked ?? false,
        kind: field<HTMLSelectElement>('select[name="kind"]')?.value ?? '',
      },
      words,
    );
  };
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', update);
  update();
}
