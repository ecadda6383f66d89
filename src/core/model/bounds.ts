import * as z from 'zod';

/**
 * How much a record may hold, so that reading and analysing a stranger's file takes seconds. A file of 90 KB can name tens of
 * thousands of cells, so its bytes do not bound what it costs. All are several times what the largest run of ocibench has, and no
 * run beyond them is measured.
 */
export const bounds = {
  /** Runtimes, and names of runtimes in a list. */
  runtimes: 256,
  /** Workload × parameters × layer × engine × profile. */
  subjects: 4_096,
  /** Runtimes × subjects: the rows of tables and charts. */
  cells: 10_000,
  engines: 16,
  profiles: 64,
  /** Layers × engines × profiles: how often a workload with its parameters is a subject. */
  places: 512,
  labels: 64,
  /** Other lists: designs, services, images, checks, extensions, mitigations. */
  entries: 1_024,
  /** Blocks of a run: a comparison takes time by the square of its pairs. */
  blocks: 10_000,
  /** Characters of a name that tables and charts show: of runtimes, workloads, profiles, engines. */
  name: 200,
  /** Characters of parameters, labels and facts of a host. */
  text: 2_000,
  /** Bytes of run.json. */
  runBytes: 16 * 2 ** 20,
} as const;

/** What is said of a list that holds more. */
export function more(most: number): string {
  return `holds more than ${most}`;
}

/** What is said of a text that is longer. */
function longer(most: number): string {
  return `is longer than ${most} characters`;
}

/** A name that tables and charts show. */
export function name() {
  return z.string().min(1).max(bounds.name, longer(bounds.name));
}

/** A text that tables and charts show. */
export function shown() {
  return z.string().max(bounds.text, longer(bounds.text));
}

/** For `refine`: has a map no more keys? */
export function keysWithin(most: number): readonly [(value: object) => boolean, string] {
  return [(value) => Object.keys(value).length <= most, more(most)];
}

type List = readonly unknown[];

/** Lists of a run's record of which each is there for every entry of the others. */
interface Multiplied {
  readonly config: {
    readonly layers?: List | undefined;
    readonly engines?: List | undefined;
    readonly profiles?: List | undefined;
  };
  readonly runtimes: List;
  readonly subjects: List;
}

/** Lists that are short by themselves multiply. */
export function refuseProducts(
  { config, runtimes, subjects }: Multiplied,
  { addIssue }: z.RefinementCtx,
): void {
  const places = [config.layers, config.engines, config.profiles].map((each) => each?.length ?? 1);
  const refuse = (path: string[], counts: readonly number[], most: number) => {
    if (counts.reduce((product, each) => product * each, 1) > most)
      addIssue({ code: 'custom', path, message: `${counts.join(' × ')} are more than ${most}` });
  };
  refuse(['config', 'profiles'], places, bounds.places);
  refuse(['subjects'], [runtimes.length, subjects.length], bounds.cells);
}
