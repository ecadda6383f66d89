/** More CPUs than any kernel supports; a list with more is invalid. */
const maxCpus = 65_536;

/** CPUs of the kernel's list format (`0-3,8`), ascending; empty for an empty text; null where the text has another form. */
export function parseCpuList(text: string): readonly number[] | null {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const cpus = new Set<number>();
  for (const part of trimmed.split(',')) {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first) || Number(last) >= maxCpus) return null;
    for (let cpu = Number(first); cpu <= Number(last); cpu++) cpus.add(cpu);
  }
  return [...cpus].toSorted((a, b) => a - b);
}

/** The inverse: `[0, 1, 2, 8]` as `0-2,8`. */
export function formatCpuList(cpus: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const cpu of cpus.toSorted((a, b) => a - b)) {
    const open = ranges.at(-1);
    if (open !== undefined && cpu === open[1] + 1) open[1] = cpu;
    else ranges.push([cpu, cpu]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
