import { type OptionName, type Setting, settings } from '../core/config/settings.ts';
import { messages, notices } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import { misuse } from '../core/model/failure/error.ts';
import { dropUndefined } from '../core/model/objects.ts';
import type { OptionDefinition } from './command.ts';
import { helpGroups } from './help.ts';

const words = messages('option', {
  namedConfig:
    'configuration file that defines your own workloads; it is code, and is loaded only if named here',
  image:
    'measure this image: its start-up, idle memory and, with --load, its performance under load; the image must already be in the Docker daemon (nothing is pulled), or be a recipe that ocibench builds (recipe:ID, e.g. recipe:servers)',
  ready:
    'the service is ready when this TCP port accepts connections, or a line of output matches this regular expression; without it, the image is treated as a job that ends by itself',
  load: "load command, run in a second container, always under runc; '{address}' stands for the address of the service; rate and latency are read from the output of wrk, ab, hey or redis-benchmark; of any other command, only the duration is measured",
  env: 'environment variable of the service, recorded in run.json; can be repeated',
  set: 'set a bench.config.ts key for this command: seed=7, precision=3%, stepLimit=90s, duet=true, labels.kernel=6.12, service.env.TZ=UTC; values are JSON or plain text; can be repeated. Keys that only --set takes: context, insecureTcp, wait, report, judge, progress, service (docs/files.md)',
  nightlySet:
    'set a bench.config.ts key for this command (nightly install: for every night): nightly.confirmTime=15m, nightly.loadLimit=10%, nightly.keepRuns=30, blocks=8..40, context=NAME; can be repeated (docs/files.md)',
  json: 'print the analysis as JSON instead of a table',
  quiet: 'print only the result',
  forPrograms: 'print JSON',
  yes: 'do not ask for confirmation',
  dryRun: 'print the difference; write nothing',
  noReload: 'change only the file; do not reload dockerd',
  daemonSet:
    'set context=NAME (a Docker context), insecureTcp=true, daemonJson=FILE, or wait=true to wait for a measurement that is running on this host; can be repeated (docs/files.md)',
  registryFile: 'configuration file of Docker (default: /etc/docker/daemon.json)',
  in: 'directory to read runs from (default: this directory)',
  historyIn: 'directory that contains history/ and results/ (default: this directory)',
  history: 'directory where the nights are recorded (default: history/ beside results/)',
  notify: 'command that receives alarms as JSON on stdin; the string is split into words as a shell would',
  exports: 'formats of nightly export to write after each night, separated by commas',
});
const text = notices('option', {
  noEnv: '--env {pair}: a variable has the form NAME=value',
});

/** Adds a `NAME=value` to those before it. */
function addPair(pair: string, before: unknown): Record<string, string> {
  const at = pair.indexOf('=');
  if (at <= 0) throw misuse(text.noEnv({ pair }));
  return { ...(before as Record<string, string>), [pair.slice(0, at)]: pair.slice(at + 1) };
}

/** The option of a setting of a run; none where only `--set` gives it. */
function optionOf({ flag: flags, words, kind }: Setting): readonly OptionDefinition[] {
  if (flags === undefined || words === undefined) return [];
  return [dropUndefined({ flags, words, choices: kind?.choices })];
}

/** Collects the values of an option that can be repeated. */
export function collect(value: string, before: unknown): readonly string[] {
  return [...((before ?? []) as readonly string[]), value];
}

/** Any key of the configuration. */
const set = {
  flags: '--set <key=value>',
  words: words.set,
  parse: collect,
} as const satisfies OptionDefinition;

/** Options of one or several commands, by name. */
export const options = {
  ...(Object.fromEntries(
    Object.entries<Setting>(settings).flatMap(([name, setting]) =>
      optionOf(setting).map((option) => [name, option]),
    ),
  ) as Readonly<Record<OptionName, OptionDefinition>>),
  set,
  /** For commands that load only a configuration named by `--config`. */
  namedConfig: { flags: '--config <file>', words: words.namedConfig },
  env: { flags: '--env <name=value>', words: words.env, parse: addPair },
  /** Where a command reads runs; `out` is where it writes. */
  in: { flags: '--in <dir>', words: words.in },
  historyIn: { flags: '--in <dir>', words: words.historyIn },
  json: { flags: '--json', words: words.json },
  forPrograms: { flags: '--json', words: words.forPrograms },
  /** As `set`, for commands that measure nothing. */
  daemonSet: { ...set, words: words.daemonSet },
  quiet: { flags: '--quiet', words: words.quiet },
  registryFile: { flags: '--daemon-json <file>', words: words.registryFile },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

/** Options that choose what a command measures or inspects. */
export const choiceOptions: readonly OptionDefinition[] = [
  options.runtimes,
  options.engine,
  options.config,
  options.set,
];

/** As {@link choiceOptions}, for commands that only inspect and that load only a configuration named by `--config`. */
export const namedChoiceOptions: readonly OptionDefinition[] = [
  options.runtimes,
  options.engine,
  options.namedConfig,
  options.set,
];

/** Options below one title of the help. */
export const grouped = (group: Message, all: readonly OptionDefinition[]): readonly OptionDefinition[] =>
  all.map((option) => ({ ...option, group }));

/** Options that describe a service of the user; `--set service.KEY` gives the rest of `serviceShape`. */
const serviceOptions: readonly OptionDefinition[] = grouped(helpGroups.service, [
  { flags: '--image <image>', words: words.image },
  { flags: '--ready <regex|port>', words: words.ready },
  { flags: '--load <command>', words: words.load },
]);

/** The directory of a history. */
export const historyOption: OptionDefinition = { flags: '--history <dir>', words: words.history };

/** As {@link options.set}, with the keys of a night. */
const nightlySet = { ...set, words: words.nightlySet };

/** Options of `nightly` that its timer passes on. */
export const nightlyOptions: readonly OptionDefinition[] = [
  ...grouped(helpGroups.what, [
    options.runtimes,
    options.preset,
    options.workloads,
    options.baseline,
    options.config,
    nightlySet,
  ]),
  ...grouped(helpGroups.extent, [options.maxTime]),
  ...grouped(helpGroups.engine, [options.engine]),
  ...grouped(helpGroups.output, [
    options.out,
    historyOption,
    { flags: '--notify <command>', words: words.notify },
    { flags: '--exports <formats>', words: words.exports },
  ]),
];

/** The settings of a run in one part of its help. */
const settingsIn = (part: NonNullable<Setting['group']>): readonly OptionDefinition[] =>
  grouped(
    helpGroups[part],
    Object.values<Setting>(settings).flatMap((setting) => (setting.group === part ? optionOf(setting) : [])),
  );

/** Options of `run`, and of commands that start a run. */
export const runOptions: readonly OptionDefinition[] = [
  ...settingsIn('what'),
  ...grouped(helpGroups.what, [options.set]),
  ...serviceOptions,
  ...settingsIn('extent'),
  ...settingsIn('engine'),
  ...settingsIn('output'),
  ...grouped(helpGroups.output, [options.lang, options.json, options.quiet]),
];

/** Options of `runtimes add` and `remove`. */
export const changeOptions: readonly OptionDefinition[] = [
  options.registryFile,
  { flags: '--yes', words: words.yes },
  { flags: '--dry-run', words: words.dryRun },
  { flags: '--no-reload', words: words.noReload },
];
