import { Command } from 'commander';
import type { ExitCode } from '../model/error.ts';
import { type CalibrateFlags, calibrateCommand } from './calibrate.ts';
import { type CleanFlags, cleanCommand } from './clean.ts';
import { type CompareFlags, compareCommand } from './compare.ts';
import { doctorCommand } from './doctor.ts';
import {
  type LabFlags,
  labBuildCommand,
  labCleanCommand,
  labExecCommand,
  labRunCommand,
  labShellCommand,
} from './lab.ts';
import { translateHelp } from './language.ts';
import { listCommand } from './list.ts';
import {
  langOption,
  withChange,
  withChoice,
  withDaemon,
  withGuestOptions,
  withNamedChoice,
  withRegistry,
  withRunOptions,
} from './options.ts';
import { type ReportFlags, reportCommand } from './report.ts';
import { type RunFlags, runCommand } from './run.ts';
import { addRuntimeCommand, type ChangeFlags, removeRuntimeCommand } from './runtimes.ts';
import { type ShowFlags, showRuntimesCommand } from './runtimes-show.ts';
import { setupCommand } from './setup.ts';
import { startCommand } from './start.ts';

type Finish = (code: Promise<ExitCode>) => Promise<void>;

function addLab(root: Command, finish: Finish): void {
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

function addRuntimes(root: Command, finish: Finish): void {
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

/** Builds the command line of this version. Each action hands its exit code to `finish`. */
export function program(version: string, finish: Finish): Command {
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
    .option('--wait', 'wait for a measurement on this host to end, instead of refusing')
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
    .option('--wait', 'wait for another measurement on this host to end, instead of refusing')
    .option('--json', 'print calibration.json instead of a table')
    .option('--quiet', 'print the result only')
    .action((flags: CalibrateFlags) => finish(calibrateCommand(flags, version)));
  withNamedChoice(root.command('list').description('runtimes, workloads and metrics'))
    .argument('[what]', 'runtimes, workloads or metrics; all when left out')
    .option('--json', 'for programs')
    .action((what: string | undefined, flags: RunFlags) => finish(listCommand(what, flags)));
  root
    .command('report')
    .description('write the reports of a run again, from disk, without Docker')
    .argument('<run>', 'a run id, a path, or latest')
    .option('--out <dir>', 'where results/ and charts/ are (default: this directory)')
    .option(
      '--config <file>',
      'where workloads of your own are; it is code, and only loaded where it is named',
    )
    .option(
      '--anonymous',
      'to be published: without names of host and users, addresses, paths; in anonymous/',
    )
    .option('--json', 'print the analysis as JSON instead of a table')
    .action((run: string, flags: ReportFlags) => finish(reportCommand(run, flags)));
  root
    .command('compare')
    .description('what changed from one run to another? exit 1 where something got worse')
    .argument('<before>', 'a run id, a path, or latest')
    .argument('<after>', 'a run id, a path, or latest')
    .option('--accept <keys>', 'go on although these differ, e.g. host.kernel,runtimes.runsc.sha256; or all')
    .option('--out <dir>', 'where results/ is (default: this directory)')
    .option(
      '--config <file>',
      'where workloads of your own are; it is code, and only loaded where it is named',
    )
    .option('--json', 'for programs')
    .action((before: string, after: string, flags: CompareFlags) =>
      finish(compareCommand(before, after, flags)),
    );
  withDaemon(root.command('clean').description('remove what a run that was killed left behind on this host'))
    .option('--out <dir>', 'where results/ and charts/ are (default: this directory)')
    .option('--other-hosts', 'also containers in the Docker daemon of runs that other hosts measured there')
    .option('--images', 'also the images of ocibench in the Docker daemon')
    .option('--cache', 'also the cached image files')
    .option('--wait', 'wait for a measurement on this host to end, instead of refusing')
    .action((flags: CleanFlags) => finish(cleanCommand(flags)));
  addLab(root, finish);
  addRuntimes(root, finish);
  return translateHelp(root, langOption);
}
