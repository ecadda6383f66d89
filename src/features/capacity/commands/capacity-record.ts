import { join } from 'node:path';
import { type CommandContext, defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import type { PrintFlags } from '../../../cli/print-run.ts';
import type { RunFlags } from '../../../core/config/command-line.ts';
import { messages } from '../../../core/messages/define.ts';
import type { ExitCode } from '../../../core/model/error.ts';
import type { RecordFlags } from '../recording/record.ts';

const words = messages('help.record', {
  summary: 'record what a service asks of the kernel: calls, time, bytes, page faults, memory',
  command: 'program and its arguments, after --; with --image, they replace the command of the image',
  container: 'record a running container, given by name or id; it is not restarted or stopped',
  cgroup: 'record a cgroup and everything below it, given by its path under /sys/fs/cgroup',
  image: 'record a new container created from a local image; the container is removed afterwards',
  for: 'stop after this time (default: 30s for a container or cgroup; otherwise, when the program ends)',
  tracer:
    'tracing program (default: the first that works of bpftrace, perf and, if ocibench starts the process, strace)',
  timeOneOf:
    'time one in this many calls, chosen at random; a power of two (default: 32; 1: every call; 0: only count calls, which costs half as much)',
  memory: 'with --image: memory limit of the container (default: 512M)',
  network: 'with --image: network of the container (default: bridge)',
  run: 'record each workload of a stored run again, under the baseline of that run, and add the recordings to it; the run is given by id, path or "latest"',
  workloads: 'with --run: only these workloads or categories, separated by commas',
  in: 'with --run: directory to read runs from (default: this directory)',
  out: 'without --run: directory for results/ (default: this directory)',
  json: 'print recording.json instead of a table',
  own: 'a program, until it ends',
  running: 'a container that is already running, for a minute',
  ofRun: 'the application workloads of the newest run',
});
const text = messages('recording', {
  details: 'details  {json}\npicture  {picture}',
  ofRun: 'written into {path}\nto have them in the reports:  @(report {run})',
  inReports: 'written into {path}; the reports of the run have them, too',
});

/** `ocibench capacity record`: exit 1 if the command that it started failed. */
export const command = defineCommand<RecordFlags & PrintFlags & Pick<RunFlags, 'set'>>({
  name: 'capacity record',
  order: 42.3,
  words: words.summary,
  arguments: [{ name: '[command...]', words: words.command }],
  options: [
    { flags: '--container <id>', words: words.container },
    { flags: '--cgroup <path>', words: words.cgroup },
    { flags: '--image <image>', words: words.image },
    { flags: '--for <duration>', words: words.for },
    { flags: '--tracer <program>', words: words.tracer, choices: ['bpftrace', 'perf', 'strace'] },
    { flags: '--time-one-of <number>', words: words.timeOneOf },
    { flags: '--memory <size>', words: words.memory },
    { flags: '--network <kind>', words: words.network, choices: ['bridge', 'none'] },
    { flags: '--run <run>', words: words.run, completes: 'runs' },
    { flags: '--workloads <names>', words: words.workloads, completes: 'workloads' },
    options.namedConfig,
    options.daemonSet,
    { ...options.in, words: words.in },
    { flags: '--out <dir>', words: words.out },
    { flags: '--json', words: words.json },
    options.quiet,
  ],
  examples: [
    { line: 'capacity record -- git status', words: words.own },
    { line: 'capacity record --container web --for 1m', words: words.running },
    { line: 'capacity record --run latest --workloads app', words: words.ofRun },
  ],
  async run(context, { set = [], ...typed }, asked) {
    const { app, terminal } = context;
    const { daemonRequest } = await import('../../../app/measure/configuration.ts');
    const flags = { ...typed, ...(await daemonRequest(app, { set })) };
    if (flags.run !== undefined) return runOf(context, flags, asked);
    const { record } = await import('../recording/record.ts');
    const { recording: found, files, exitCode } = await record(app, flags, asked);
    if (flags.json) terminal.json(found);
    else {
      const { recordingTable } = await import('../recording/table.ts');
      const { lang, paintResult: paint } = terminal;
      terminal.paintedResult(recordingTable(found, { lang, paint }));
      terminal.result(terminal.say(text.details(files)));
    }
    return exitCode;
  },
});

/** Records the workloads of a run. */
async function runOf(
  { app, terminal }: CommandContext,
  flags: RecordFlags & PrintFlags,
  asked: readonly string[],
): Promise<ExitCode> {
  const { recordRun } = await import('../recording/record-run.ts');
  const { path, runId, recordings, reported, exitCode } = await recordRun(app, flags, asked);
  const found = recordings.map(({ recording }) => recording);
  if (flags.json) {
    terminal.json(found);
    return exitCode;
  }
  if (found.length === 0) return exitCode;
  const { worksTable } = await import('../recording/works-table.ts');
  const { lang, paintResult: paint } = terminal;
  terminal.paintedResult(worksTable(found, { lang, paint }));
  const written = { path: join(path, 'recordings') };
  terminal.result(terminal.say(reported ? text.inReports(written) : text.ofRun({ ...written, run: runId })));
  return exitCode;
}
