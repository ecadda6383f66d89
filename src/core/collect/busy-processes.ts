import { basename } from 'node:path';
import { withDescendants } from './other-load.ts';
import { cpuCgroupOf, readCmdline, readProcessFile, userProcesses } from './process/read.ts';

/** Who a process is, for the one who may end it. */
interface NamedProcess {
  readonly pid: number;
  /** Its program; with its script if it is an interpreter: `node cli.ts`. */
  readonly name: string;
  /** Short id of its container; null if it is in none. */
  readonly container: string | null;
}

/** CPU time that processes have used so far, by a permanent name of each. */
export type ProcessTimes = ReadonlyMap<string, NamedProcess & { readonly cpuNs: number }>;

/** A process that used the CPUs between two looks. */
export interface BusyProcess extends NamedProcess {
  /** CPU time over wall time: 1 is one whole CPU. */
  readonly cpuShare: number;
}

const interpreters = /^(?:node|bun|deno|python[\d.]*|perl|ruby|java|php[\d.]*|sh|bash|dash|zsh)$/;

/** Name of a program; arguments other than the script are left out, since they may hold secrets. */
export function programName(comm: string, argv: readonly string[]): string {
  const [program = '', ...rest] = argv;
  const script = rest.find((argument) => !argument.startsWith('-'));
  if (!interpreters.test(basename(program)) || script === undefined || !/^[\w@./+-]+$/.test(script))
    return comm;
  return `${basename(program)} ${basename(script)}`;
}

/** CPU time of all processes except kernel threads, this harness and what it started. */
export function readProcessTimes(procRoot = '/proc', harness = process.pid): ProcessTimes {
  const all = userProcesses(procRoot);
  const own = withDescendants(all, harness);
  return new Map(
    all
      .filter(({ pid }) => !own.has(pid))
      .map(({ pid, comm, startTicks, cpuNs }) => {
        const cgroup = cpuCgroupOf(readProcessFile(procRoot, pid, 'cgroup') ?? '') ?? '';
        const container =
          /(?:^|[/:.-])([0-9a-f]{12})[0-9a-f]{52}(?:\.scope)?(?:\/|$)/.exec(cgroup)?.[1] ?? null;
        const name = programName(comm, readCmdline(procRoot, pid));
        return [`${pid}:${startTicks}`, { pid, name, container, cpuNs }];
      }),
  );
}

/** Smallest share of a CPU with which a process is named, and the largest number of them. */
const named = { share: 0.05, most: 4 } as const;

/** The processes that used most CPU time between two looks, largest share first. */
export function busiestBetween(
  before: ProcessTimes,
  after: ProcessTimes,
  wallNs: number,
): readonly BusyProcess[] {
  return [...after]
    .map(([key, { cpuNs, ...process }]) => ({
      ...process,
      cpuShare: (cpuNs - (before.get(key)?.cpuNs ?? 0)) / wallNs,
    }))
    .filter(({ cpuShare }) => cpuShare >= named.share)
    .toSorted((a, b) => b.cpuShare - a.cpuShare)
    .slice(0, named.most);
}
