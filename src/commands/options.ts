import { type Command, Option } from 'commander';
import { exitCodes, OcibenchError } from '../model/error.ts';
import { presetSchema } from '../model/run.ts';

function collectLabel(pair: string, before: Record<string, string>): Record<string, string> {
  const at = pair.indexOf('=');
  if (at <= 0)
    throw new OcibenchError(`--label ${pair}: a label has the form key=value`, {
      exitCode: exitCodes.misuse,
    });
  return { ...before, [pair.slice(0, at)]: pair.slice(at + 1) };
}

/** Options by which a daemon that is not ours is chosen. */
export function withDaemon(command: Command): Command {
  return command
    .option('--context <name>', 'Docker context (default: DOCKER_HOST, DOCKER_CONTEXT, the current one)')
    .option('--insecure-tcp', 'allow tcp:// without TLS: whoever reaches that port is root on that host');
}

/** The language; every command gets it. */
export function langOption(): Option {
  return new Option(
    '--lang <code>',
    'language of reports and of what is said (default: that of the locale)',
  ).choices(['en', 'fr']);
}

/** Options by which both `run` and `doctor` choose what they look at. */
export function withChoice(command: Command): Command {
  return withRegistered(command).option(
    '--config <file>',
    'configuration (default: bench.config.ts in this directory, if there)',
  );
}

/** Those of commands that only look, and take no configuration that was not named. */
export function withNamedChoice(command: Command): Command {
  return withRegistered(command).option(
    '--config <file>',
    'where workloads of your own are; it is code, and only loaded where it is named',
  );
}

function withRegistered(command: Command): Command {
  return withDaemon(command)
    .option('--runtimes <names>', 'only these runtimes, by their names in daemon.json, with commas between')
    .addOption(new Option('--engine <kind>', 'which Docker engine').choices(['auto', 'docker', 'embedded']))
    .option(
      '--daemon-json <file>',
      'which runtimes are registered (default: /etc/docker/daemon.json, else what is on PATH)',
    );
}

/** Options of `run`, and of what starts a run. */
export function withRunOptions(command: Command): Command {
  return withChoice(command)
    .addOption(new Option('--preset <name>', 'how much is measured').choices(presetSchema.options))
    .option('--workloads <names>', 'only these workloads or categories, with commas between')
    .option('--baseline <runtime>', 'what the others are compared with (default: runc)')
    .option('--blocks <min..max>', 'least and most measured blocks')
    .option('--precision <percent>', "stop when every ratio's interval is ± this narrow, e.g. 3%")
    .option('--max-time <duration>', 'end after this time at the latest, e.g. 10m')
    .option('--sample-period <duration>', 'time between two readings of a running container, 5ms to 60s')
    .option('--step-limit <duration>', 'how long create, start and remove may take, each (default: 30s)')
    .option('--seed <number>', 'seed of the random order')
    .option('--out <dir>', 'where results/ and charts/ are written (default: this directory)')
    .option('--resume <run>', 'go on with an interrupted run: its id, a path, or latest')
    .option('--wait', 'wait for another measurement on this host to end, instead of refusing')
    .addOption(langOption())
    .option('--label <key=value>', 'kept in run.json; can be repeated', collectLabel, {})
    .option('--json', 'print the analysis as JSON instead of a table')
    .option('--no-progress', 'a plain line a block instead of a live view, as where there is no terminal')
    .option('--quiet', 'print the result only');
}

/** Options by which the commands of the lab choose their guest. */
export function withGuestOptions(command: Command): Command {
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

/** Options by which `runtimes add` and `remove` change a daemon.json. */
export function withChange(command: Command): Command {
  return withRegistry(command)
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the difference, write nothing')
    .option('--no-reload', 'change the file alone; dockerd is not told');
}

/** Which daemon.json is looked at or changed. */
export function withRegistry(command: Command): Command {
  return command.option('--daemon-json <file>', 'the file (default: /etc/docker/daemon.json)');
}
