/**
 * Shows the page's controls, which do nothing without a script. Calls `onRuntimes` at every change, with the indices of
 * the runtimes to hide.
 */
export function startControls(onRuntimes: (hidden: ReadonlySet<string>) => void): void {
  const form = document.getElementById('controls');
  if (!(form instanceof HTMLFormElement)) return;
  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  const boxes = [...form.querySelectorAll<HTMLInputElement>('input[name="runtime"]')];
  const update = () => onRuntimes(new Set(boxes.filter((box) => !box.checked).map((box) => box.value)));
  for (const box of boxes) box.addEventListener('change', update);
  // Browsers restore the choice after a reload.
  if (boxes.some((box) => !box.checked)) update();

  const theme = form.querySelector<HTMLSelectElement>('select[name="theme"]');
  const apply = () => {
    document.documentElement.dataset.theme = theme?.value ?? 'auto';
  };
  theme?.addEventListener('change', apply);
  apply();
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
