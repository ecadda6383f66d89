/** Lines of a Markdown report on standard output. */
export const print = (line: string) => process.stdout.write(`${line}\n`);
export const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;
export const row = (...cells: readonly (string | number)[]) => print(`| ${cells.join(' | ')} |`);
export const head = (...cells: readonly string[]) => {
  row(...cells);
  row(...cells.map(() => '---'));
};

/** The night in which that share of runs has found a change; `–` if that was not in time. */
export const nightsAt = (found: readonly number[], share: number) => {
  const value =
    found.toSorted((a, b) => a - b)[Math.ceil(share * found.length) - 1] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(value) ? String(value) : '–';
};
export const spread = (found: readonly number[]) => `${nightsAt(found, 0.5)} (${nightsAt(found, 0.9)})`;
