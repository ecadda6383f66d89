import { messages, notices } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import { engineChoices } from '../core/model/engine-choice.ts';
import { misuse } from '../core/model/error.ts';
import { presets } from '../core/model/preset.ts';
import type { OptionDefinition } from './command.ts';
import { helpGroups } from './help.ts';

const words = messages('option', {
  context: 'Docker context (default: DOCKER_HOST, DOCKER_CONTEXT, the current one)',
  insecureTcp: 'allow tcp:// without TLS: whoever reaches that port is root on that host',
  lang: 'language of reports and of what is said (default: that of the locale)',
  runtimes: 'only these runtimes, by their names in daemon.json, with commas between',
  engine: 'which engine starts the containers',
  daemonJson: 'which runtimes are registered (default: /etc/docker/daemon.json, else what is on PATH)',
  config:
    'configuration (default: bench.config.ts, .mts, .js, .mjs or .json of this directory, or of the nearest one above it)',
  namedConfig: 'where workloads of your own are; it is code, and only loaded where it is named',
  preset:
    'how much is measured: quick in 3 minutes (the default), standard in half an hour, full in two hours, lab in ten minutes, hardening (options of containers) in ten minutes',
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
  layers:
    'where in the stack containers are started, with commas between: docker, containerd, cri, oci, podman, floor (default: docker)',
  profiles:
    'options of containers to compare, with commas between: plain, no-new-privileges, cap-drop=ALL … (all: @(list profiles)); the first is what the others are compared with',
  workloads: 'only these workloads or categories, with commas between',
  baseline: 'what the others are compared with (default: runc)',
  blocks: 'least and most measured blocks',
  precision: "stop when every ratio''s interval is ± this narrow, e.g. 3%",
  maxTime: 'end after this time at the latest, e.g. 10m',
  samplePeriod: 'time between two readings of a running container, 5ms to 60s',
  stepLimit: 'how long create, start and remove may take, each (default: 30s)',
  duet: 'measure runtime and baseline at once, each on half of the CPUs: for hosts that are shared',
  seed: 'seed of the random order',
  out: 'where results/ and charts/ are written (default: this directory)',
  resume: 'go on with an interrupted run: its id, a path, or latest',
  until:
    'with --resume: measure these cells of a finished run further, until each is clear or its interval is ±5 %, with commas between: WORKLOAD[?PARAMS]:RUNTIME or CATEGORY:RUNTIME',
  wait: 'wait for another measurement on this host to end, instead of refusing',
  label: 'kept in run.json; can be repeated',
  json: 'print the analysis as JSON instead of a table',
  noProgress: 'a plain line a block instead of a live view, as where there is no terminal',
  noReport: 'records, analysis and CSV alone; `@(report)` makes reports and charts later',
  quiet: 'print the result only',
  verbose: 'say every step, and every call to the engine with its time, on stderr',
  keep: 'keep the files and the log of the embedded engine, and say where they are; the command clean removes them',
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
  exports: 'formats of history export that are written after the night, with commas between',
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

/** Options of one or several commands, by name. */
export const options = {
  lang: { flags: '--lang <code>', words: words.lang, choices: ['en', 'fr'] },
  /** For commands that load only a configuration named by `--config`. */
  namedConfig: { flags: '--config <file>', words: words.namedConfig },
  config: { flags: '--config <file>', words: words.config },
  seed: { flags: '--seed <number>', words: words.seed },
  out: { flags: '--out <dir>', words: words.out },
  wait: { flags: '--wait', words: words.wait },
  json: { flags: '--json', words: words.json },
  forPrograms: { flags: '--json', words: words.forPrograms },
  quiet: { flags: '--quiet', words: words.quiet },
  daemonJson: { flags: '--daemon-json <file>', words: words.daemonJson },
  registryFile: { flags: '--daemon-json <file>', words: words.registryFile },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

/** Options that choose a running daemon. */
export const daemonOptions: readonly OptionDefinition[] = [
  { flags: '--context <name>', words: words.context },
  { flags: '--insecure-tcp', words: words.insecureTcp },
];

const registeredOptions: readonly OptionDefinition[] = [
  ...daemonOptions,
  { flags: '--runtimes <names>', words: words.runtimes, completes: 'runtimes' },
  { flags: '--engine <kind>', words: words.engine, choices: engineChoices },
  options.daemonJson,
];

/** Options that choose what a command measures or inspects. */
export const choiceOptions: readonly OptionDefinition[] = [...registeredOptions, options.config];

/** The same for commands that only inspect, and load only a configuration named by `--config`. */
export const namedChoiceOptions: readonly OptionDefinition[] = [...registeredOptions, options.namedConfig];

const grouped = (group: Message, all: readonly OptionDefinition[]): readonly OptionDefinition[] =>
  all.map((option) => ({ ...option, group }));

/** Options that say a service of the user's own; see `serviceShape`. */
export const serviceOptions: readonly OptionDefinition[] = grouped(helpGroups.service, [
  { flags: '--image <image>', words: words.image },
  { flags: '--cmd <command>', words: words.cmd },
  { flags: '--ready <regex|port>', words: words.ready },
  { flags: '--load <command>', words: words.load },
  { flags: '--load-image <image>', words: words.loadImage },
  { flags: '--env <name=value>', words: words.env, parse: collectPairs(text.noEnv) },
  { flags: '--memory <size>', words: words.memory },
  { flags: '--timeout <duration>', words: words.timeout },
  { flags: '--name <name>', words: words.name },
]);

/** Where a history is. */
export const historyOption: OptionDefinition = { flags: '--history <dir>', words: words.history };

const keepRuns = { flags: '--keep-runs <nights>', words: words.keepRuns };

/** Options of `nightly` that its timer passes on. */
export const nightlyOptions: readonly OptionDefinition[] = [
  ...choiceOptions,
  { flags: '--preset <name>', words: words.preset, choices: presets },
  { flags: '--workloads <names>', words: words.workloads },
  { flags: '--baseline <runtime>', words: words.baseline },
  { flags: '--blocks <min..max>', words: words.blocks },
  { flags: '--precision <percent>', words: words.precision },
  { flags: '--max-time <duration>', words: words.maxTime },
  { flags: '--confirm-time <duration>', words: words.confirmTime },
  { flags: '--load-limit <percent>', words: words.loadLimit },
  keepRuns,
  { flags: '--notify <command>', words: words.notify },
  { flags: '--exports <formats>', words: words.exports },
  { flags: '--exports-to <dir>', words: words.exportsTo },
  options.out,
];

/** Options of `run`, and of commands that start a run. */
export const runOptions: readonly OptionDefinition[] = [
  ...grouped(helpGroups.what, [
    { flags: '--preset <name>', words: words.preset, choices: presets },
    { flags: '--workloads <names>', words: words.workloads, completes: 'workloads' },
    { flags: '--runtimes <names>', words: words.runtimes, completes: 'runtimes' },
    { flags: '--baseline <runtime>', words: words.baseline, completes: 'runtimes' },
    { flags: '--layers <names>', words: words.layers },
    { flags: '--profiles <names>', words: words.profiles, completes: 'profiles' },
    options.config,
  ]),
  ...serviceOptions,
  ...grouped(helpGroups.extent, [
    { flags: '--max-time <duration>', words: words.maxTime },
    { flags: '--blocks <min..max>', words: words.blocks },
    { flags: '--precision <percent>', words: words.precision },
    { flags: '--resume <run>', words: words.resume, completes: 'runs' },
    { flags: '--until <cells>', words: words.until },
    { flags: '--duet', words: words.duet },
    { flags: '--sample-period <duration>', words: words.samplePeriod },
    { flags: '--step-limit <duration>', words: words.stepLimit },
    options.seed,
  ]),
  ...grouped(helpGroups.engine, [
    { flags: '--engine <kind>', words: words.engine, choices: engineChoices },
    options.daemonJson,
    ...daemonOptions,
    options.wait,
    { flags: '--keep', words: words.keep },
  ]),
  ...grouped(helpGroups.output, [
    options.out,
    { flags: '--label <key=value>', words: words.label, parse: collectPairs(text.noLabel) },
    options.lang,
    options.json,
    { flags: '--no-progress', words: words.noProgress },
    { flags: '--no-report', words: words.noReport },
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

/** Options of `history prune`. */
export const pruneOptions: readonly OptionDefinition[] = [
  keepRuns,
  yes,
  { flags: '--dry-run', words: words.dryPrune },
];
