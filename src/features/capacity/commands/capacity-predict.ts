import { defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/error.ts';
import type { PredictFlags } from '../app/predict/predict-run.ts';

const words = messages('help.predict', {
  summary: 'predict what a recorded service would cost under other runtimes',
  recording: 'a recording: its id, the path of its directory or recording.json, or "latest"',
  from: 'run that measured the cost of each system call: its id, a path, an archive, "latest" (the default), or "reference" (the published run that comes with a clone of the source repository)',
  runtimes: 'only these runtimes of the run, separated by commas',
  utilisation:
    'CPU utilisation under the native runtime, e.g. 50%; if given, also predict how much longer a request takes',
  cpus: 'with --utilisation: number of CPUs (default: those of the recorded host)',
  confidence: 'confidence level of the intervals (default: 90%)',
  why: 'explain where the CPU time comes from: number of calls × cost per call, for each kind of call',
  newest: 'the newest recording, with the costs from the newest run',
  half: 'CPU, memory and response time when the CPUs are half busy, with an explanation',
});

/** `ocibench capacity predict RECORDING`: exit 1 if a runtime is refused or cannot be predicted. */
export const command = defineCommand<PredictFlags & { readonly why?: boolean; readonly json?: boolean }>({
  name: 'capacity predict',
  order: 42.4,
  words: words.summary,
  arguments: [{ name: '<recording>', words: words.recording }],
  options: [
    { flags: '--from <run>', words: words.from },
    { flags: '--runtimes <names>', words: words.runtimes },
    { flags: '--utilisation <percent>', words: words.utilisation },
    { flags: '--cpus <number>', words: words.cpus },
    { flags: '--confidence <percent>', words: words.confidence },
    { flags: '--why', words: words.why },
    options.in,
    options.namedConfig,
    options.forPrograms,
  ],
  examples: [
    { line: 'capacity predict latest', words: words.newest },
    { line: 'capacity predict latest --utilisation 50% --why', words: words.half },
  ],
  async run({ app, terminal }, flags, [name = 'latest']) {
    const { predict } = await import('../app/predict/predict-run.ts');
    const { warnOfReleases } = await import('../app/predict/run-releases.ts');
    const { prediction, run, lang } = await predict(app, name, flags);
    const runtimes = prediction.runtimes.map(({ runtime }) => runtime);
    await warnOfReleases(app, run, runtimes);
    const isWhole = prediction.runtimes.every(({ cpu }) => cpu !== null);
    if (flags.json) terminal.json(prediction);
    else {
      const { predictionTable } = await import('../predict/table.ts');
      terminal.result(predictionTable(prediction, { why: flags.why ?? false, lang }));
    }
    return isWhole ? exitCodes.ok : exitCodes.someFailed;
  },
});
