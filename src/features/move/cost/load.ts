import { adviceFor } from '../../../../workloads/lib/load-advice.ts';
import { type LoadReport, readLoad } from '../../../../workloads/lib/load-tools.ts';
import { killAll } from '../../../app/leftovers/dead-run-processes.ts';
import { cgroupDirs } from '../../../core/collect/cgroup/make.ts';
import { commandWords } from '../../../core/config/service-shape.ts';
import { external, listed } from '../../../core/messages/compose.ts';
import { notices, type Reason, reasons } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { ParseError } from '../../../core/model/trial/parser-output.ts';
import { linearPattern } from '../../../core/model/workload/linear-pattern.ts';
import type { Compose } from '../trying/compose.ts';
import type { ServiceUp, StackUp } from '../trying/try.ts';
import type { CounterPlace } from './counters.ts';

const why = reasons('move.load', {
  noService: {
    message:
      "is neither a service of {stack}, nor a command with services in braces, such as ''wrk -d10s http://'{web}':8080/''",
    fix: 'choose from: {services}',
  },
  unsplit: { message: 'is not a command: {what}', fix: "quote it, or call a shell:  sh -c ''…''" },
  pattern: {
    message:
      'is not a regular expression with one group (lookaround and back references are not supported): {said}',
    fix: "for example  --set ''move.rate=rate: ([0-9.]+)''",
  },
  noLoad: { message: 'needs a load', fix: 'add --load' },
  noRate: { message: 'needs move.rate too', fix: 'add  --set move.rate=REGEX' },
});
const text = notices('move.load', {
  notCreated: 'the container of the load could not be created: {said}',
  notStarted: 'the load could not be started: {said}',
  noEnd: 'the load did not end within {seconds} s',
  failed: 'the load exited with code {code}: {said}',
  noAddress: '{service} has no address',
  vanished: 'its container is gone',
  requestsFailed: 'requests failed: {line}',
  mend: 'if it needs another network, add --with-network; if it needs data or a path to write to, add --with-data',
});

/** What asks the stack: one of its services, or a command of the host with `{SERVICE}` for addresses. */
export type Load =
  | { readonly kind: 'service'; readonly name: string }
  | {
      readonly kind: 'command';
      readonly name: string;
      readonly words: readonly string[];
      /** The services whose addresses it names. */
      readonly addressed: readonly string[];
    };

/** How the output of a load is read that is no report of a known tool; null: it is one. */
export interface ReportPatterns {
  readonly rate: RegExp | null;
  readonly requests: RegExp | null;
}

/** The load that was asked for, or what is wrong with it. */
export function loadAsked(
  asked: string,
  { stack, services }: { readonly stack: string; readonly services: readonly string[] },
): Load | Reason {
  if (services.includes(asked)) return { kind: 'service', name: asked };
  const split = commandWords(asked);
  if (!split.ok) return why.unsplit({ what: split.why });
  const addressed = services.filter((service) => split.words.some((word) => word.includes(`{${service}}`)));
  return addressed.length > 0
    ? { kind: 'command', name: asked, words: split.words, addressed }
    : why.noService({ stack: external(stack), services: listed(services) });
}

/** A pattern whose first group is a number, or what is wrong with it. */
export function reportPattern(asked: string): RegExp | Reason {
  try {
    const pattern = linearPattern(asked);
    // An empty alternative matches everything, and tells how many groups there are.
    const groups = (new RegExp(`${asked}|`).exec('')?.length ?? 1) - 1;
    return groups > 0 ? pattern : why.pattern({ said: external(asked) });
  } catch (error) {
    return why.pattern({ said: external(error instanceof Error ? error.message : String(error)) });
  }
}

export { why as loadReasons };

/** A load that cannot be used, and what its user can change. */
export interface Refused {
  readonly refused: Message;
  readonly fix?: Message;
  /** Can it be refused only because it ran before? */
  readonly isOfSecondRun?: boolean;
  /** Did it run until its time was up? */
  readonly isCut?: true;
}

/** A load that is ready to start: what was done before is no part of the measurement. */
export interface PreparedLoad {
  /** Its container; null for a command of the host. */
  readonly up: ServiceUp | null;
  /** CPU time that it has used so far, ns. */
  cpuNow(): number | null;
  /** Runs it for so long at most, ms, so that the first requests are made; it is killed then. */
  warmUp(ms: number, signal: AbortSignal): Promise<unknown>;
  start(signal: AbortSignal): Promise<StartedLoad | Refused>;
}

/** A load that runs. */
interface StartedLoad {
  /** Waits for its end. */
  end(limitMs: number, signal: AbortSignal): Promise<EndedLoad | Refused>;
}

/** A load that has ended with exit code 0. */
interface EndedLoad {
  read(): { readonly report: LoadReport } | Refused;
}

/** Output of a load that is read: the report comes last. */
const reportEnd = { lines: 2_000, characters: 256 * 1024, isOfLastStart: true };
/** Characters of its last line that are quoted. */
const quotedCharacters = 200;

const lastLine = (output: string) =>
  external((output.trim().split('\n').at(-1) ?? '').slice(-quotedCharacters));

const cutAt = (limitMs: number): Refused => ({
  refused: text.noEnd({ seconds: Math.round(limitMs / 1000) }),
  isCut: true,
});

/** Where a load runs, and how its output is read. */
interface LoadPlace {
  readonly compose: Compose;
  readonly patterns: ReportPatterns;
  readonly hostPlace: CounterPlace;
}

/** Prepares the load of a stack that runs. */
export async function prepareLoad(
  load: Load,
  stack: StackUp,
  of: LoadPlace,
): Promise<PreparedLoad | Refused> {
  return load.kind === 'service' ? preparedService(load, stack, of) : preparedCommand(load, stack, of);
}

function readReport(output: string, patterns: ReportPatterns): { readonly report: LoadReport } | Refused {
  try {
    const report = readLoad(output, patterns);
    const { failed } = report;
    return failed === null ? { report } : refusal(output, text.requestsFailed({ line: external(failed) }));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return refusal(output, error.said);
  }
}

/** What to change, in the words of the tool whose output it is; where none is known, what trials keep from a load. */
function refusal(output: string, refused: Message): Refused {
  const { fix, isOfSecondRun } = adviceFor(output) ?? { fix: text.mend, isOfSecondRun: true };
  return { refused, fix, isOfSecondRun };
}

/** A load that ended with another code than 0: the line that says why, or the last one. */
function failedWith(code: number, output: string): Refused {
  const said = adviceFor(output)?.said.slice(-quotedCharacters);
  const shown = said === undefined ? lastLine(output) : external(said);
  return refusal(output, text.failed({ code: String(code), said: shown }));
}

async function preparedService(
  { name }: Extract<Load, { readonly kind: 'service' }>,
  stack: StackUp,
  { compose, patterns }: LoadPlace,
): Promise<PreparedLoad | Refused> {
  const up = await stack.add(name);
  if ('refused' in up) {
    const said = up.refused === '' ? text.vanished : external(up.refused.slice(-quotedCharacters));
    return { refused: text.notCreated({ said }) };
  }
  const output = () => compose.logs(up.containerId, reportEnd);
  return {
    up,
    cpuNow: () => up.cgroup.cpuNow(),
    async warmUp(ms, signal) {
      const isStarted = (await compose.start(up.containerId, signal)) === null;
      if (isStarted) await compose.wait(up.containerId, ms, signal, true);
    },
    async start(signal) {
      const said = await compose.start(up.containerId, signal);
      if (said !== null) return { refused: text.notStarted({ said: lastLine(said) }) };
      return {
        async end(limitMs, stopped) {
          const code = await compose.wait(up.containerId, limitMs, stopped);
          if (code === null) return cutAt(limitMs);
          const printed = await output();
          return code === 0 ? { read: () => readReport(printed, patterns) } : failedWith(code, printed);
        },
      };
    },
  };
}

/**
 * Joins the cgroups given before the command, so that a clean-up finds and ends what it leaves; then becomes the command. One that
 * cannot be joined fails the load: its CPU time would not be counted, and what it leaves would not be found.
 */
const joining =
  'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ >"$1/cgroup.procs" || exit 125; shift; n=$((n-1)); done; exec "$@"';

async function preparedCommand(
  { words, addressed }: Extract<Load, { readonly kind: 'command' }>,
  stack: StackUp,
  of: LoadPlace,
): Promise<PreparedLoad | Refused> {
  const { compose, patterns, hostPlace } = of;
  const addresses = await compose.addresses(stack.services.map(({ containerId }) => containerId));
  const addressOf = new Map(
    stack.services.flatMap(({ service, containerId }) => {
      const address = addresses.get(containerId);
      return address === undefined ? [] : [[service, address] as const];
    }),
  );
  const missing = addressed.find((service) => !addressOf.has(service));
  if (missing !== undefined) return { refused: text.noAddress({ service: missing }) };
  const filled = words.map((word) =>
    addressed.reduce(
      (so, service) => so.replaceAll(`{${service}}`, () => addressOf.get(service) ?? ''),
      word,
    ),
  );
  const cgroup = await stack.addCgroup();
  const dirs = cgroupDirs(hostPlace.layout, cgroup.path);
  const command = ['sh', '-c', joining, 'sh', String(dirs.length), ...dirs, ...filled];
  return {
    up: null,
    cpuNow: () => cgroup.cpuNow(),
    async warmUp(ms, signal) {
      await compose.hostCommand(command, ms, signal);
      killAll(cgroup.pids());
    },
    // It begins with its end being waited for: nothing of it is lost.
    start: async () => ({
      async end(limitMs, stopped) {
        const { exitCode, stdout, stderr } = await compose.hostCommand(command, limitMs, stopped);
        const output = `${stdout}\n${stderr}`.trim();
        if (exitCode === null) return cutAt(limitMs);
        if (exitCode !== 0) return failedWith(exitCode, output);
        const end = output.slice(-reportEnd.characters);
        return { read: () => readReport(end, patterns) };
      },
    }),
  };
}
