import { defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { OverheadFlags } from '../app/overhead/compute-overhead.ts';

const words = messages('help.overhead', {
  summary: 'show what a sandbox costs and what Kubernetes and Docker must reserve for it',
  run: 'a run id, a path, an archive, "latest" (the default), or "reference" (the published run that comes with a clone of the source repository)',
  runtimes: 'only these runtimes of the run, separated by commas',
  confidence:
    'confidence level of the intervals; the upper bound of each is the amount to reserve (default: 95%)',
  yaml: 'print a RuntimeClass for each runtime, with overhead.podFixed, instead of tables',
  kataMemory: "Kata''s default_memory, the lower bound of its podFixed (default: 2048M)",
  newest: 'the cost of a sandbox, from the newest run',
  objects: 'RuntimeClass objects for Kubernetes',
});
const text = messages('overheadCommand', {
  hint: 'RuntimeClass objects with these figures and their origin:  @(capacity overhead {run} --yaml)',
  noObject: 'no runtime has an interval, so there is no RuntimeClass to print',
});

/** `ocibench capacity overhead [RUN]`: exit 1 if a requested runtime has no figure. */
export const command = defineCommand<OverheadFlags & { readonly yaml?: boolean; readonly json?: boolean }>({
  name: 'capacity overhead',
  order: 42.2,
  words: words.summary,
  arguments: [{ name: '[run]', words: words.run }],
  options: [
    { flags: '--runtimes <names>', words: words.runtimes },
    { flags: '--confidence <percent>', words: words.confidence },
    { flags: '--yaml', words: words.yaml },
    { flags: '--kata-memory <size>', words: words.kataMemory },
    options.config,
    options.in,
    options.forPrograms,
    options.quiet,
  ],
  examples: [
    { line: 'capacity overhead', words: words.newest },
    { line: 'capacity overhead --yaml', words: words.objects },
  ],
  async run({ app, terminal }, flags, [name]) {
    const { overheadOfRun } = await import('../app/overhead/compute-overhead.ts');
    const overhead = await overheadOfRun(app, name, flags);
    const found = overhead.runtimes.filter(({ podFixed }) => podFixed !== null);
    const isWhole =
      flags.runtimes === undefined ? found.length > 0 : found.length === overhead.runtimes.length;
    const exitCode = isWhole ? exitCodes.ok : exitCodes.someFailed;
    if (flags.json) {
      terminal.json(overhead);
      return exitCode;
    }
    if (flags.yaml) {
      const { runtimeClasses } = await import('../overhead/runtime-class.ts');
      const objects = runtimeClasses(overhead);
      if (objects === '') terminal.warn(text.noObject);
      else terminal.result(objects);
      return exitCode;
    }
    const { containerLimits } = await import('../overhead/container-limit.ts');
    const { overheadTable } = await import('../overhead/table.ts');
    terminal.result(overheadTable(overhead, containerLimits(overhead)));
    terminal.log(text.hint({ run: overhead.run.runId }));
    return exitCode;
  },
});
