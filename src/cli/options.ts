import { type Setting, type SettingName, settings } from '../core/config/settings.ts';
import { messages, notices } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import { misuse } from '../core/model/error.ts';
import type { OptionDefinition } from './command.ts';
import { helpGroups } from './help.ts';

const words = messages('option', {
  namedConfig: 'where workloads of your own are; it is code, and only loaded where it is named',
  image:
    'measure this image: one that the Docker daemon has (nothing is pulled), or recipe:ID, such as recipe:servers, which ocibench builds; its start, its memory at rest and its work under --load',
  cmd: "what docker run IMAGE is given (default: the image''s own); split into words as a shell does, without variables, pipes or wildcards: for those  sh -c ''…''",
  ready:
    'when it is ready: a TCP port that accepts, or a regular expression on a line that it prints; without it, it is a job that ends by itself',
  load: "a command that a container beside it runs, always under runc; '{address}' in it is the service; of wrk, ab, hey and redis-benchmark rate and latency are read, of any other its time",
  loadImage: 'the image that the load runs in (default: recipe:load, which has these four)',
  env: 'environment of the service, kept in run.json; can be repeated',
  memory: 'memory limit of the service (default: 512M)',
  timeout: 'time limit of each of its trials (default: 60s)',
  name: "its name in ids: startup/own-NAME (default: the image''s)",
  label: 'kept in run.json; can be repeated',
  json: 'print the analysis as JSON instead of a table',
  noProgress: 'a plain line a block instead of a live view, as where there is no terminal',
  quiet: 'print the result only',
  verbose: 'say every step, and every call to the engine with its time, on stderr',
  forPrograms: 'for programs',
  yes: 'do not ask',
  dryRun: 'show the difference, write nothing',
  noReload: 'change the file alone; dockerd is not told',
  registryFile: 'the file (default: /etc/docker/daemon.json)',
  history: 'where the nights are written down (default: history/ beside results/)',
  dryPrune: 'say what would be removed, remove nothing',
  confirmTime: 'time for measuring again what is suspect (default: 15m)',
  loadLimit: 'most that others may use of the CPUs (default: 10%)',
  notify: 'command that is told of alarms, as JSON on its stdin; split into words as a shell does',
  exports: 'formats of nightly export that are written after the night, with commas between',
  exportsTo: 'where they are written (default: exports/ beside results/)',
  keepRuns: 'nights whose raw measurements are kept (default: 30); the history itself is kept',
});
const text = notices('option', {
  noLabel: '--label {pair}: a label has the form key=value',
  noEnv: '--env {pair}: a variable has the form NAME=value',
});

/** Collects `key=value` of an option that can be repeated. */
function collectPairs(complaint: (values: { readonly pair: string }) => Message) {
  return (pair: string, before: unknown): Record<string, string> => {
    const at = pair.indexOf('=');
    if (at <= 0) throw misuse(complaint({ pair }));
    return { ...(before as Record<string, string>), [pair.slice(0, at)]: pair.slice(at + 1) };
  };
}

/** The option of a setting of a run. */
function optionOf({ flag: flags, words, kind }: Setting): OptionDefinition {
  const { choices, completes } = kind ?? {};
  return {
    ...{ flags, words },
    ...(choices === undefined ? {} : { choices }),
    ...(completes === undefined ? {} : { completes }),
  };
}

/** Options of one or several commands, by name. */
export const options = {
  ...(Object.fromEntries(
    Object.entries<Setting>(settings).map(([name, setting]) => [name, optionOf(setting)]),
  ) as Readonly<Record<SettingName, OptionDefinition>>),
  /** For commands that load only a configuration named by `--config`. */
  namedConfig: { flags: '--config <file>', words: words.namedConfig },
  env: { flags: '--env <name=value>', words: words.env, parse: collectPairs(text.noEnv) },
  json: { flags: '--json', words: words.json },
  forPrograms: { flags: '--json', words: words.forPrograms },
  quiet: { flags: '--quiet', words: words.quiet },
  registryFile: { flags: '--daemon-json <file>', words: words.registryFile },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

/** Options that choose a running daemon. */
export const daemonOptions: readonly OptionDefinition[] = [options.context, options.insecureTcp];

const registeredOptions: readonly OptionDefinition[] = [
  ...daemonOptions,
  ...[options.runtimes, options.engine, options.daemonJson],
];

/** Options that choose what a command measures or inspects. */
export const choiceOptions: readonly OptionDefinition[] = [...registeredOptions, options.config];

/** As {@link choiceOptions}, for commands that only inspect and that load only a configuration named by `--config`. */
export const namedChoiceOptions: readonly OptionDefinition[] = [...registeredOptions, options.namedConfig];

/** Options below one title of the help. */
export const grouped = (group: Message, all: readonly OptionDefinition[]): readonly OptionDefinition[] =>
  all.map((option) => ({ ...option, group }));

/** Options that describe a service of the user; see `serviceShape`. */
export const serviceOptions: readonly OptionDefinition[] = grouped(helpGroups.service, [
  { flags: '--image <image>', words: words.image },
  { flags: '--cmd <command>', words: words.cmd },
  { flags: '--ready <regex|port>', words: words.ready },
  { flags: '--load <command>', words: words.load },
  { flags: '--load-image <image>', words: words.loadImage },
  options.env,
  { flags: '--memory <size>', words: words.memory },
  { flags: '--timeout <duration>', words: words.timeout },
  { flags: '--name <name>', words: words.name },
]);

/** The directory of a history. */
export const historyOption: OptionDefinition = { flags: '--history <dir>', words: words.history };

const keepRuns = { flags: '--keep-runs <nights>', words: words.keepRuns };

/** Options of `nightly` that its timer passes on. */
export const nightlyOptions: readonly OptionDefinition[] = [
  ...grouped(helpGroups.what, [
    ...[options.runtimes, options.preset, options.workloads, options.baseline, options.config],
  ]),
  ...grouped(helpGroups.extent, [
    ...[options.maxTime, options.blocks, options.precision],
    { flags: '--confirm-time <duration>', words: words.confirmTime },
    { flags: '--load-limit <percent>', words: words.loadLimit },
  ]),
  ...grouped(helpGroups.engine, [options.engine, options.daemonJson, ...daemonOptions]),
  ...grouped(helpGroups.output, [
    ...[options.out, historyOption, keepRuns],
    { flags: '--notify <command>', words: words.notify },
    { flags: '--exports <formats>', words: words.exports },
    { flags: '--exports-to <dir>', words: words.exportsTo },
  ]),
];

/** The settings of a run in one part of its help. */
const settingsIn = (part: NonNullable<Setting['group']>): readonly OptionDefinition[] =>
  grouped(
    helpGroups[part],
    Object.values<Setting>(settings).flatMap((setting) =>
      setting.group === part ? [optionOf(setting)] : [],
    ),
  );

/** Options of `run`, and of commands that start a run. */
export const runOptions: readonly OptionDefinition[] = [
  ...settingsIn('what'),
  ...serviceOptions,
  ...settingsIn('extent'),
  ...settingsIn('engine'),
  ...settingsIn('output'),
  ...grouped(helpGroups.output, [
    { flags: '--label <key=value>', words: words.label, parse: collectPairs(text.noLabel) },
    options.lang,
    options.json,
    { flags: '--no-progress', words: words.noProgress },
    options.report,
    options.quiet,
    { flags: '--verbose', words: words.verbose },
  ]),
];

const yes = { flags: '--yes', words: words.yes };

/** Options of `runtimes add` and `remove`. */
export const changeOptions: readonly OptionDefinition[] = [
  options.registryFile,
  yes,
  { flags: '--dry-run', words: words.dryRun },
  { flags: '--no-reload', words: words.noReload },
];

/** Options of `nightly prune`. */
export const pruneOptions: readonly OptionDefinition[] = [
  keepRuns,
  yes,
  { flags: '--dry-run', words: words.dryPrune },
];
