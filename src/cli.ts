#!/usr/bin/env node
import { readFileSync, realpathSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { type CalibrateFlags, calibrateCommand } from './commands/calibrate.ts';
import { cleanCommand } from './commands/clean.ts';
import { type CompareFlags, compareCommand } from './commands/compare.ts';
import type { CommonFlags } from './commands/configuration.ts';
import { doctorCommand } from './commands/doctor.ts';
import {
  type LabFlags,
  labBuildCommand,
  labCleanCommand,
  labExecCommand,
  labRunCommand,
  labShellCommand,
} from './commands/lab.ts';
import {
  askedLanguage,
  speak,
  spoken,
  spokenProblem,
  translateHelp,
  userLanguage,
} from './commands/language.ts';
import { listCommand } from './commands/list.ts';
import { reportCommand } from './commands/report.ts';
import { type RunFlags, runCommand } from './commands/run.ts';
import { addRuntimeCommand, type ChangeFlags, removeRuntimeCommand } from './commands/runtimes.ts';
import { type ShowFlags, showRuntimesCommand } from './commands/runtimes-show.ts';
import { setupCommand } from './commands/setup.ts';
import { startCommand } from './commands/start.ts';
import { terminal } from './commands/terminal.ts';
import { type ExitCode, exitCodes, OcibenchError } from './model/error.ts';
import { presetSchema } from './model/run.ts';
import { terminalLines } from './report/sanitize.ts';

const { version } = JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string };

/** package.json lies one level above src/, and two above dist/src/. */
function packageFile(): URL {
  const built = import.meta.url.includes('/dist/src/');
  return new URL(built ? '../../package.json' : '../package.json', import.meta.url);
}

function collectLabel(pair: string, before: Record<string, string>): Record<string, string> {
  const at = pair.indexOf('=');
  if (at <= 0)
    throw new OcibenchError(`--label ${pair}: a label has the form key=value`, {
      exitCode: exitCodes.misuse,
    });
  return { ...before, [pair.slice(0, at)]: pair.slice(at + 1) };
}

/** Options by which a daemon that is not ours is chosen. */
function withDaemon(command: Command): Command {
  return command
    .option('--context <name>', 'Docker context (default: DOCKER_HOST, DOCKER_CONTEXT, the current one)')
    .option('--insecure-tcp', 'allow tcp:// without TLS: whoever reaches that port is root on that host');
}

function langOption(): Option {
  return new Option(
    '--lang <code>',
    'language of reports and of what is said (default: that of the locale)',
  ).choices(['en', 'fr']);
}

/** Options by which both `run` and `doctor` choose what they look at. */
function withChoice(command: Command): Command {
  return withDaemon(command)
    .option('--runtimes <names>', 'only these runtimes, by their names in daemon.json, with commas between')
    .addOption(new Option('--engine <kind>', 'which Docker engine').choices(['auto', 'docker', 'embedded']))
    .option(
      '--daemon-json <file>',
      'which runtimes are registered (default: /etc/docker/daemon.json, else what is on PATH)',
    )
    .option('--config <file>', 'configuration (default: bench.config.ts in this directory, if there)');
}

function withRunOptions(command: Command): Command {
  return withChoice(command)
    .addOption(new Option('--preset <name>', 'how much is measured').choices(presetSchema.options))
    .option('--workloads <names>', 'only these workloads or categories, with commas between')
    .option('--baseline <runtime>', 'what the others are compared with (default: runc)')
    .option('--blocks <min..max>', 'least and most measured blocks')
    .option('--precision <percent>', "stop when every ratio's interval is ± this narrow, e.g. 3%")
    .option('--max-time <duration>', 'end after this time at the latest, e.g. 10m')
    .option('--sample-period <duration>', 'time between two readings of a running container, 5ms to 60s')
    .option('--seed <number>', 'seed of the random order')
    .option('--out <dir>', 'where results/ and charts/ are written (default: this directory)')
    .option('--resume <run>', 'go on with an interrupted run')
    .addOption(langOption())
    .option('--label <key=value>', 'kept in run.json; can be repeated', collectLabel, {})
    .option('--json', 'print the analysis as JSON instead of a table')
    .option('--no-progress', 'a plain line a block instead of a live view, as where there is no terminal')
    .option('--quiet', 'print the result only');
}

/** Options by which the commands of the lab choose their guest. */
function withGuestOptions(command: Command): Command {
  return command
    .option('--memory <size>', 'memory of the guest, e.g. 2G (default: half of this host, at most 4G)')
    .option('--cpus <number>', 'processors of the guest (default: those of this host, at most 4)')
    .addOption(
      new Option(
        '--accel <kind>',
        'how the guest is executed (default: KVM where a guest boots under it)',
      ).choices(['kvm', 'tcg']),
    )
    .option(
      '--daemon-json <file>',
      "the guest's daemon.json (default: runc, crun, runsc, runsc-ptrace, kata)",
    )
    .option('--config <file>', 'configuration (default: bench.config.ts in this directory, if there)')
    .option('--out <dir>', 'where results/ and charts/ are written (default: this directory)');
}

function addLab(root: Command, finish: (code: Promise<ExitCode>) => Promise<void>): void {
  const lab = root
    .command('lab')
    .description('a throwaway virtual machine with systemd, pure cgroup v2 and Docker, to measure in');
  lab
    .command('build')
    .description("build the guest's disk, once; it is kept in the cache")
    .action(() => finish(labBuildCommand()));
  withGuestOptions(lab.command('run').description('`ocibench run` in a guest: lab run -- OPTIONS OF RUN'))
    .argument('[options...]', 'options of `ocibench run`, after --')
    .action((words: string[], flags: LabFlags) => {
      const parsed = withRunOptions(new Command('lab run --').exitOverride()).parse(words, { from: 'user' });
      return finish(labRunCommand(flags, words, parsed.opts<RunFlags>()));
    });
  withGuestOptions(
    lab.command('exec').description('any command in a guest, as root: lab exec -- ocibench doctor'),
  )
    .argument('<command...>', 'program and arguments, after --')
    .action((words: string[], flags: LabFlags) => finish(labExecCommand(flags, words)));
  withGuestOptions(lab.command('shell').description('an interactive root shell in a guest')).action(
    (flags: LabFlags) => finish(labShellCommand(flags)),
  );
  lab
    .command('clean')
    .description('remove the cached disk, and what a lab that was killed left behind')
    .action(() => finish(labCleanCommand()));
}

/** Options by which `runtimes add` and `remove` change a daemon.json. */
function withChange(command: Command): Command {
  return withRegistry(command)
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the difference, write nothing')
    .option('--no-reload', 'change the file alone; dockerd is not told');
}

function withRegistry(command: Command): Command {
  return command.option('--daemon-json <file>', 'the file (default: /etc/docker/daemon.json)');
}

function addRuntimes(root: Command, finish: (code: Promise<ExitCode>) => Promise<void>): void {
  const runtimes = root
    .command('runtimes')
    .description('register runtimes in the daemon.json of this host, safely; see docs/runtimes.md');
  withRegistry(
    runtimes.command('show').description('where runtimes are registered, and which of them Docker can use'),
  )
    .option('--containerd-config <file>', "containerd's file (default: /etc/containerd/config.toml)")
    .option('--json', 'for programs')
    .action((flags: ShowFlags) => finish(showRuntimesCommand(flags)));
  withChange(
    runtimes
      .command('add')
      .description('register an OCI runtime: runtimes add NAME --path FILE -- ARGUMENTS'),
  )
    .argument('<name>', 'by which `docker run --runtime` will call it')
    .argument('[runtimeArgs...]', 'arguments that the runtime always gets, after --')
    .requiredOption('--path <file>', 'the OCI runtime, e.g. /usr/bin/runsc')
    .action((name: string, words: string[], flags: ChangeFlags & { path: string }) =>
      finish(addRuntimeCommand(name, words, flags)),
    );
  withChange(runtimes.command('remove').description('take a runtime out'))
    .argument('<name>', 'a runtime of daemon.json')
    .option('--force', 'also where containers were created with it')
    .action((name: string, flags: ChangeFlags) => finish(removeRuntimeCommand(name, flags)));
}

/** Builds the command line. Each action resolves to the process's exit code. */
export function program(finish: (code: Promise<ExitCode>) => Promise<void>): Command {
  const root = new Command('ocibench')
    .description('What does a container runtime cost? The same workloads under every runtime of daemon.json.')
    .version(version)
    .exitOverride()
    .configureHelp({ helpWidth: 100 })
    .showHelpAfterError('(--help shows what there is)');
  withRunOptions(root.command('run').description('measure and report')).action((flags: RunFlags) =>
    finish(runCommand(flags, version)),
  );
  withRunOptions(
    root.command('start').description('install what is missing, then run the quick comparison'),
  ).action((flags: RunFlags) => finish(startCommand(flags, version)));
  root
    .command('setup')
    .description('install the Debian packages that the embedded engine needs, if any is missing')
    .option('--lab', 'also those of the lab')
    .action((flags: { lab?: boolean }) => finish(setupCommand(flags.lab ?? false)));
  withChoice(
    root.command('doctor').description('is this machine fit for measuring, and can each runtime run here?'),
  )
    .option('--json', 'for programs')
    .action((flags: RunFlags) => finish(doctorCommand(flags)));
  withChoice(
    root
      .command('calibrate')
      .description('prove the instrument: known amounts of work and overhead against what is measured'),
  )
    .option('--thorough', 'also containers that live 10 s')
    .option('--checks <ids>', 'only these checks, with commas between (all: see docs/accounting.md)')
    .option('--blocks <min..max>', 'least and most blocks (default: 8..60)')
    .option('--max-time <duration>', 'end after this time at the latest (default: 25m)')
    .option('--seed <number>', 'seed of the random order')
    .option('--out <dir>', 'where results/ is written (default: this directory)')
    .option('--json', 'print calibration.json instead of a table')
    .option('--quiet', 'print the result only')
    .action((flags: CalibrateFlags) => finish(calibrateCommand(flags, version)));
  withChoice(root.command('list').description('runtimes, workloads and metrics'))
    .argument('[what]', 'runtimes, workloads or metrics; all when left out')
    .option('--json', 'for programs')
    .action((what: string | undefined, flags: RunFlags) => finish(listCommand(what, flags)));
  root
    .command('report')
    .description('write the reports of a run again, from disk, without Docker')
    .argument('<run>', 'a run id, a path, or latest')
    .option('--out <dir>', 'where results/ and charts/ are (default: this directory)')
    .option('--config <file>', 'where workloads of your own are (default: bench.config.ts in this directory)')
    .option('--json', 'print the analysis as JSON instead of a table')
    .action((run: string, flags: Pick<CommonFlags, 'out' | 'lang' | 'json' | 'config'>) =>
      finish(reportCommand(run, flags)),
    );
  root
    .command('compare')
    .description('what changed from one run to another? exit 1 where something got worse')
    .argument('<before>', 'a run id, a path, or latest')
    .argument('<after>', 'a run id, a path, or latest')
    .option('--accept <keys>', 'go on although these differ, e.g. host.kernel,runtimes.runsc.sha256; or all')
    .option('--out <dir>', 'where results/ is (default: this directory)')
    .option('--config <file>', 'where workloads of your own are (default: bench.config.ts in this directory)')
    .option('--json', 'for programs')
    .action((before: string, after: string, flags: CompareFlags) =>
      finish(compareCommand(before, after, flags)),
    );
  withDaemon(root.command('clean').description('remove what a run that was killed left behind on this host'))
    .option('--images', 'also the images of ocibench in the Docker daemon')
    .option('--cache', 'also the cached image files')
    .action((flags: Parameters<typeof cleanCommand>[0]) => finish(cleanCommand(flags)));
  addLab(root, finish);
  addRuntimes(root, finish);
  return translateHelp(root, langOption);
}

function explain(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.misuse;
  if (error instanceof OcibenchError) {
    // Both quote what files, engines and runtimes say.
    terminal.warn(terminalLines(`ocibench: ${spoken(error.message)}`));
    for (const problem of error.problems) terminal.warn(terminalLines(spokenProblem(problem)));
    return error.exitCode;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  terminal.warn(terminalLines(`ocibench: this is a fault of ocibench itself, please report it: ${stack}`));
  return exitCodes.someFailed;
}

/** One command, from the arguments of this process to its end. */
async function main(): Promise<never> {
  // A reader that goes away (`ocibench list | head`) must not take a run with it: what it no longer wants is dropped.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });

  speak(askedLanguage(process.argv.slice(2)) ?? userLanguage());
  let exitCode: ExitCode = exitCodes.ok;
  try {
    const root = program(async (code) => {
      exitCode = await code;
    });
    await root.parseAsync();
  } catch (error) {
    exitCode = explain(error);
  }
  // A pipe takes what is written to it in its own time; what is still on its way would be lost with the process.
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve());
    });
  process.exit(exitCode);
}

// A test that asks the parser has this file loaded without starting anything. npm starts it through a symbolic link.
const started = process.argv[1];
if (started !== undefined && realpathSync(started) === import.meta.filename) await main();
