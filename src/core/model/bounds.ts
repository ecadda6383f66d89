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
