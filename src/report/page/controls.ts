import type { PageState } from './state.ts';

/**
 * Shows the page's controls, which need the script, in state `first`. Calls `onChange` immediately, and at every change.
 */
export function startControls(first: PageState, onChange: (state: PageState) => void): void {
  const menu = document.getElementById('controls');
  const form = menu?.querySelector('form');
  if (menu === null || form === null || form === undefined) return;
  menu.hidden = false;
  const boxes = [...form.querySelectorAll<HTMLInputElement>('input[name="runtime"]')];
  const search = form.querySelector<HTMLInputElement>('input[name="q"]');
  const differences = form.querySelector<HTMLInputElement>('input[name="differences"]');
  const theme = form.querySelector<HTMLSelectElement>('select[name="theme"]');
  for (const box of boxes) box.checked = !first.hidden.has(box.value);
  if (search !== null) search.value = first.search;
  if (differences !== null) differences.checked = first.differences;
  if (theme !== null) theme.value = first.theme;
  const update = () => {
    const state: PageState = {
      hidden: new Set(boxes.filter((box) => !box.checked).map((box) => box.value)),
      search: search?.value.trim() ?? '',
      differences: differences?.checked ?? false,
      theme: theme?.value ?? 'auto',
    };
    document.documentElement.dataset.theme = state.theme;
    onChange(state);
  };
  form.addEventListener('submit', (event) => event.preventDefault());
  form.querySelector('button[name="print"]')?.addEventListener('click', () => window.print());
  form.addEventListener('input', update);
  update();
}

/** Opens folded parts for printing, and folds them again afterwards. */
export function unfoldForPrint(): void {
  let folded: HTMLDetailsElement[] = [];
  window.addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const part of folded) part.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const part of folded) part.open = false;
  });
}
