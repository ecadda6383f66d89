import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { grouped, options } from '../../../cli/options.ts';
import type { RunFlags } from '../../../core/config/command-line.ts';
import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { subjectName as SubjectName } from '../../../core/model/subject-name.ts';
import type { CapacityRecording } from '../app/capacity/record-capacity.ts';

const help = messages('help.recordCapacity', {
  summary: 'collect the measurements that the overhead, predict and plan commands use',
  maxTime:
    'stop measuring after this time (default: 18m); preparing images and recording take a few more minutes',
  resume: 'continue an interrupted measurement, or one with too few blocks: its id, a path, or "latest"',
  workloads: 'only these workloads or categories, separated by commas (default: all in the capacity preset)',
  all: 'all registered runtimes, in twenty minutes',
  two: 'two runtimes',
});
const words = messages('recordCapacity.said', {
  written: 'written into {path}: {runtimes}, {n} applications recorded natively',
  next: 'what a sandbox costs            @(capacity overhead)\nyour service, where it runs     @(sudo capacity record --container NAME --for 1m)\nwhat it would take elsewhere    @(capacity predict latest)\nhosts, money, what can move     @(capacity plan services.yaml)',
  lacks:
    'too few measured blocks ({needed} are needed): {works}\n  fix: continue it:  @(sudo capacity measure --resume {run})',
  work: '{work} has {blocks}',
  more: '{n, plural, one {and # more} other {and # more}}',
  absent: 'not chosen for measurement; overhead, predict or plan need them: {works}',
  notHere: 'could not run and are missing: {runtimes}',
});

/** Shortages that are named one by one; the rest is counted. */
const mostNamed = 6;

/** `ocibench capacity measure`: exit 1 if it is short of something. */
export const command = defineCommand<RunFlags>({
  name: 'capacity measure',
  order: 42.1,
  words: help.summary,
  options: [
    ...grouped(helpGroups.what, [
      options.runtimes,
      { ...options.workloads, words: help.workloads },
      options.baseline,
      options.config,
      options.set,
    ]),
    ...grouped(helpGroups.extent, [
      { ...options.maxTime, words: help.maxTime },
      options.blocks,
      { ...options.resume, words: help.resume },
    ]),
    ...grouped(helpGroups.engine, [options.engine]),
    ...grouped(helpGroups.output, [options.out, options.quiet]),
  ],
  examples: [
    { line: 'capacity measure', words: help.all },
    { line: 'capacity measure --runtimes runc,runsc', words: help.two },
  ],
  async run({ app, terminal }, flags) {
    const { recordCapacity } = await import('../app/capacity/record-capacity.ts');
    const { run, path, recorded, lacks, exitCode } = await recordCapacity(app, flags);
    if (run === null || path === null || lacks === null) return exitCode;
    const able = run.runtimes.filter(({ preflight }) => preflight.status === 'available');
    const runtimes = listed(able.map(({ entry }) => entry.name));
    terminal.result(terminal.say(words.written({ path, runtimes, n: recorded })));
    const { subjectName } = await import('../../../core/model/subject-name.ts');
    const short = shortages(lacks, subjectName);
    if (short.length > 0)
      terminal.warn(words.lacks({ needed: lacks.blocks, works: listed(short, 'semicolon'), run: run.runId }));
    if (lacks.absent.length > 0) terminal.warn(words.absent({ works: listed(lacks.absent) }));
    if (lacks.runtimes.length > 0) terminal.warn(words.notHere({ runtimes: listed(lacks.runtimes) }));
    if (short.length === 0) terminal.result(terminal.say(words.next));
    return exitCode;
  },
});

function shortages(
  { works, applications }: NonNullable<CapacityRecording['lacks']>,
  nameOf: typeof SubjectName,
) {
  const byWork = Map.groupBy([...works, ...applications], nameOf);
  const all = [...byWork].map(([work, own]) =>
    words.work({ work, blocks: Math.min(...own.map(({ blocks }) => blocks)) }),
  );
  const rest = all.length - mostNamed;
  return [...all.slice(0, mostNamed), ...(rest > 0 ? [words.more({ n: rest })] : [])];
}
