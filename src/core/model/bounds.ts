import * as z from 'zod';

/**
 * Limits on the size of a record, so that reading and analysing a file from a stranger takes seconds. Its size in bytes
 * is no such limit: a file of 90 KB can name tens of thousands of cells. Every limit is several times what the largest
 * run of ocibench needs, and no run beyond the limits is measured.
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
  /** Layers × engines × profiles: number of subjects per workload with its parameters. */
  places: 512,
  labels: 64,
  /** Other lists: designs, services, images, checks, extensions, mitigations. */
  entries: 1_024,
  /** Blocks of a run: the time of a comparison grows with the square of its pairs. */
  blocks: 10_000,
  /** Characters of a name that tables and charts show: of runtimes, workloads, profiles, engines. */
  name: 200,
  /** Characters of parameters, labels and facts of a host. */
  text: 2_000,
  /** Bytes of run.json. */
  runBytes: 16 * 2 ** 20,
} as const;

/** Error text for a list with too many entries. */
export function more(most: number): string {
  return `holds more than ${most}`;
}

/** Error text for a text that is too long. */
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

/** For `refine`: accepts a map with at most `most` keys. */
export function keysWithin(most: number): readonly [(value: object) => boolean, string] {
  return [(value) => Object.keys(value).length <= most, more(most)];
}

type List = readonly unknown[];

/** Lists of a run's record whose lengths multiply: every entry of one applies to every entry of the others. */
interface RunLists {
  readonly config: {
    readonly layers?: List | undefined;
    readonly engines?: List | undefined;
    readonly profiles?: List | undefined;
  };
  readonly runtimes: List;
  readonly subjects: List;
}

/** Reports products of the lists' lengths beyond the limits, although each list by itself is short enough. */
export function refuseProducts(
  { config, runtimes, subjects }: RunLists,
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
