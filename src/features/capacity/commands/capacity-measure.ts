import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { grouped, options } from '../../../cli/options.ts';
import type { RunFlags } from '../../../core/config/command-line.ts';
import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { CapacityLacks } from '../app/measure/lacks.ts';

const help = messages('help.measureCapacity', {
  summary: 'collect the measurements that the overhead and plan commands use',
  maxTime: 'stop measuring after this time (default: 18m); preparing images takes a few more minutes',
  workloads: 'only these workloads or categories, separated by commas (default: all in the capacity preset)',
  all: 'all registered runtimes, in twenty minutes',
  two: 'two runtimes',
});
const words = messages('measureCapacity.said', {
  written: 'written into {path}: {runtimes}',
  next: 'what a sandbox costs            @(capacity overhead)\nyour service, where it runs     @(capacity record --container NAME --for 1m)\nhosts, money, what can move     @(capacity plan services.yaml)',
  lacks:
    'too few measured blocks ({needed} are needed): {works}\n  fix: measure for longer:  @(sudo capacity measure --max-time 40m)',
  work: '{work} has {blocks}',
  more: '{n, plural, one {and # more} other {and # more}}',
  absent: 'not chosen for measurement; overhead and plan need them: {works}',
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
    ...grouped(helpGroups.extent, [{ ...options.maxTime, words: help.maxTime }, options.blocks]),
    ...grouped(helpGroups.engine, [options.engine]),
    ...grouped(helpGroups.output, [options.out, options.quiet]),
  ],
  examples: [
    { line: 'capacity measure', words: help.all },
    { line: 'capacity measure --runtimes runc,runsc', words: help.two },
  ],
  async run({ app, terminal }, flags) {
    const { measureCapacity } = await import('../app/measure/measure-capacity.ts');
    const { measured, exitCode } = await measureCapacity(app, flags);
    if (measured === null) return exitCode;
    const { run, path, lacks } = measured;
    const able = run.runtimes.filter(({ preflight }) => preflight.status === 'available');
    const runtimes = listed(able.map(({ entry }) => entry.name));
    terminal.result(terminal.say(words.written({ path, runtimes })));
    const { subjectName } = await import('../../../core/model/trial/subject-name.ts');
    const short = describeShortages(lacks, subjectName);
    if (short.length > 0)
      terminal.warn(words.lacks({ needed: lacks.neededBlocks, works: listed(short, 'semicolon') }));
    if (lacks.absent.length > 0) terminal.warn(words.absent({ works: listed(lacks.absent) }));
    if (lacks.runtimes.length > 0) terminal.warn(words.notHere({ runtimes: listed(lacks.runtimes) }));
    if (short.length === 0) terminal.result(terminal.say(words.next));
    return exitCode;
  },
});

function describeShortages(
  { works }: CapacityLacks,
  nameOf: (work: CapacityLacks['works'][number]) => string,
) {
  const byWork = Map.groupBy(works, nameOf);
  const all = [...byWork].map(([work, own]) =>
    words.work({ work, blocks: Math.min(...own.map(({ blocks }) => blocks)) }),
  );
  const rest = all.length - mostNamed;
  return [...all.slice(0, mostNamed), ...(rest > 0 ? [words.more({ n: rest })] : [])];
}
