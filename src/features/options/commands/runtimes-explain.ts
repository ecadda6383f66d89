import { defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import type { RunFlags } from '../../../core/config/command-line.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { ExplainFlags } from '../explain/explain-daemon-json.ts';

const words = messages('help.explain', {
  summary: 'explain what each setting of a daemon.json does to containers, and its cost',
  file: 'path of the daemon.json, e.g. /etc/docker/daemon.json',
  measure: 'measure the cost of each setting, compared with an engine without it',
  from: 'take the costs from a run that measured this file',
  runtimes: 'runtime of the containers (default: default-runtime in the file, or runc)',
  workloads:
    'workloads to measure instead of the usual ones, separated by commas (listed by @(list workloads))',
  blocks: 'with --measure: minimum and maximum number of measured blocks',
  maxTime: 'with --measure: stop after this time (default: 5m)',
  resume: 'continue an interrupted run of this command',
  in: 'with --from: directory to read runs from (default: this directory)',
  out: 'directory for the measurements (default: this directory)',
  here: "what the settings in this host''s daemon.json do",
  costs: 'what they cost, each measured in a separate engine',
  again: 'the same figures, as JSON',
});

/**
 * `ocibench runtimes explain FILE`: exit 1 if dockerd or containers do not start with the file, or a setting was to be measured and
 * has no figure.
 */
export const command = defineCommand<RunFlags & ExplainFlags & { readonly json?: boolean }>({
  name: 'runtimes explain',
  order: 72.2,
  words: words.summary,
  arguments: [{ name: '<file>', words: words.file }],
  options: [
    { flags: '--measure', words: words.measure },
    { flags: '--from <run>', words: words.from },
    { ...options.in, words: words.in },
    { flags: '--runtimes <name>', words: words.runtimes },
    { flags: '--workloads <list>', words: words.workloads },
    { flags: '--blocks <min..max>', words: words.blocks },
    { flags: '--max-time <duration>', words: words.maxTime },
    { flags: '--resume <run>', words: words.resume },
    { flags: '--out <dir>', words: words.out },
    options.set,
    options.forPrograms,
    options.quiet,
  ],
  examples: [
    { line: 'runtimes explain /etc/docker/daemon.json', words: words.here },
    { line: 'runtimes explain /etc/docker/daemon.json --measure', words: words.costs },
    { line: 'runtimes explain /etc/docker/daemon.json --from latest --json', words: words.again },
  ],
  async run({ app, terminal }, flags, [file = '']) {
    const { explainFile } = await import('../explain/explain-daemon-json.ts');
    const { requestOf } = await import('../../../app/measure/configuration.ts');
    const request = await requestOf(app, flags, { here: true });
    const { from, in: place, measure } = flags;
    const { explanation, lang } = await explainFile(app, file, {
      ...request,
      from,
      in: place,
      measure,
    });
    const lacking = explanation.options.some(
      ({ engine, effects }) => engine !== undefined && !effects.some(({ ratio }) => ratio !== null),
    );
    const stops = explanation.options.some(({ objections }) =>
      objections.some(({ effect }) => effect !== 'ignored' && effect !== 'note'),
    );
    const failed = stops || (lacking && explanation.runId !== null);
    const exitCode = failed ? exitCodes.someFailed : exitCodes.ok;
    if (flags.json) {
      terminal.json(explanation);
      return exitCode;
    }
    const { explanationTable } = await import('../explain/table.ts');
    terminal.result(explanationTable(explanation, lang));
    return exitCode;
  },
});
