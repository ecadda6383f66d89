/** What a part of the proof prints: Markdown, and which of its rows break a limit. */
export interface Page {
  readonly text: (paragraph: string) => void;
  /** Begin a table. */
  readonly table: (head: readonly string[]) => void;
  readonly row: (cells: readonly string[], excess?: Excess) => void;
}

/** How far a row is beyond its limits. `error`: no farther than chance takes so many runs. */
export type Excess = 'none' | 'error' | 'broken';

/** A part of the proof. */
export interface Part {
  readonly name: string;
  /** Number of simulated runs where nobody says another. */
  readonly runs: number;
  readonly write: (page: Page, runs: number) => void | Promise<void>;
}

/** Standard errors by which a share of simulated runs may be beyond a limit. */
const errors = 3;

/** A share of so many runs beside its limits. */
export function beyond(
  share: number,
  runs: number,
  { least = 0, most = 1 }: { readonly least?: number; readonly most?: number },
): Excess {
  if (share >= least && share <= most) return 'none';
  const limit = share > most ? most : least;
  const error = errors * Math.sqrt((limit * (1 - limit)) / runs);
  return Math.abs(share - limit) <= error ? 'error' : 'broken';
}

/** The worst of several. */
export function worst(all: readonly Excess[]): Excess {
  return all.includes('broken') ? 'broken' : all.includes('error') ? 'error' : 'none';
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A share of cases, of which there may be none. */
export function shareOf<T>(all: readonly T[], holds: (one: T) => boolean): number {
  return all.length === 0 ? Number.NaN : all.filter(holds).length / all.length;
}

/** The page as lines of Markdown, each given to `print` at once. */
export function markdownPage(
  print: (line: string) => void,
): Page & { readonly beyond: ReadonlyMap<string, Excess> } {
  const lines = new Map<string, Excess>();
  const rowOf = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return {
    beyond: lines,
    text: (paragraph) => print(`\n${paragraph}\n`),
    table: (head) => {
      print(rowOf(head));
      print(rowOf(head.map(() => '---')));
    },
    row: (cells, excess = 'none') => {
      print(rowOf(cells));
      if (excess !== 'none') lines.set(rowOf(cells), excess);
    },
  };
}
