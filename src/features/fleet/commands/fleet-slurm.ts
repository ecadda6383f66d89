import { defineCommand } from '../../../cli/command.ts';
import { options, runOptions } from '../../../cli/options.ts';
import { parseOptions } from '../../../cli/program.ts';
import { messages, notices } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/error.ts';
import type { FleetSlurmFlags } from '../launch/slurm/launch.ts';

const words = messages('help.fleetSlurm', {
  summary: 'submit one exclusive Slurm job per host: fleet slurm --partition P -- RUN OPTIONS',
  options: 'options for `@(run)`, after --; the same on every host',
  partition: 'partition to submit the jobs to',
  hosts: "nodes, in Slurm notation: n1,n2 or ''n[1-3]'' (default: the whole partition)",
  time: 'time limit of each job (default: that of the partition)',
  deadline: 'give up on a host whose job has not started after this time',
  out: 'directory for the results, shared by all nodes (default: fleet-TIME)',
  program: 'path of ocibench on the nodes (default: the path of this program)',
  continue: 'resume watching the launch recorded in this directory, and submit the remaining jobs',
  three: 'three nodes, at most half an hour each',
  again: 'resume watching from another terminal',
});
const text = notices('slurm', { detached: 'the jobs continue' });

/** `ocibench fleet slurm -- OPTIONS` */
export const command = defineCommand<FleetSlurmFlags & { readonly json?: boolean }>({
  name: 'fleet slurm',
  order: 60.1,
  words: words.summary,
  arguments: [{ name: '[options...]', words: words.options }],
  options: [
    { flags: '--partition <name>', words: words.partition },
    { flags: '--hosts <names>', words: words.hosts },
    { flags: '--time <duration>', words: words.time },
    { flags: '--deadline <duration>', words: words.deadline, default: '1h' },
    { flags: '--out <dir>', words: words.out },
    { flags: '--program <path>', words: words.program },
    { flags: '--continue <dir>', words: words.continue },
    options.forPrograms,
    options.quiet,
  ],
  examples: [
    {
      line: "fleet slurm --partition compute --hosts 'n[1-3]' --time 30m -- --preset standard",
      words: words.three,
    },
    { line: 'fleet slurm --continue fleet-20261126-201357-f34d', words: words.again },
  ],
  async run({ app, terminal }, flags, asked) {
    const { launchOnSlurm } = await import('../launch/slurm/launch.ts');
    const { printLaunch } = await import('../text.ts');
    const { parseFlags } = await import('../../../core/config/command-line.ts');
    const run = { words: asked, ...parseFlags(parseOptions('fleet slurm --', runOptions, asked, terminal)) };
    const launched = await launchOnSlurm(app, flags, run);
    if (launched.detached) {
      app.reporter.warn(text.detached);
      return exitCodes.interrupted;
    }
    return printLaunch(terminal, launched, { json: flags.json ?? false });
  },
});
