import type { AppContext } from '../../../../app/context.ts';
import type { Configuration } from '../../../../app/measure/configuration.ts';
import { lastingUse, type OtherUse, percent, whoUses } from '../../../../app/other-use.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { external } from '../../../../core/messages/compose.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import type { CommandValue, Message } from '../../../../core/messages/message.ts';
import type { GateResult } from '../../../../core/model/analysis/gate.ts';
import { formatProblem, misuse, OcibenchError, problemOf } from '../../../../core/model/failure/error.ts';
import { mayBeDocker } from '../../../../core/model/runtime/engine-choice.ts';
import type { RuntimeEntry } from '../../../../core/model/runtime/runtime.ts';
import { exportedAs, writeExport } from '../history/export.ts';
import { historyIn } from '../history/history-file.ts';
import { notifyNew } from '../notify/notify.ts';
import { pinEntry, verifiedPins } from '../pins/pinned-copies.ts';
import type { AfterSettings, NightlySettings } from './settings.ts';

const engineText = notices('nightly', {
  notTaken: 'this engine cannot be given runtimes, and the pinned copies are not registered with it',
});
const why = reasons('nightly', {
  notRegistered: { message: 'is not registered', fix: '{command}   (or: --engine embedded, as root)' },
});

/**
 * ocibench cannot add runtimes to a shared daemon: the user has to register the pinned copies there. OcibenchError (exit 2)
 * with the command for each copy that is not registered.
 */
export async function refuseUnregistered(
  app: Pick<AppContext, 'engines' | 'environment'>,
  configuration: Configuration,
  { run, watched }: NightlySettings,
): Promise<void> {
  const { config, daemonJson } = configuration.resolve(run);
  if (!mayBeDocker(config.engine)) return;
  const connected = await app.engines.connectIfThere(run);
  if (connected === null) return;
  try {
    const known = new Map((await connected.engine.runtimes()).map(({ name, path }) => [name, path]));
    const copies = (await verifiedPins(watched)).map(pinEntry);
    const missing = copies.filter(({ name, path }) => known.get(name) !== path);
    if (missing.length === 0) return;
    throw misuse(
      engineText.notTaken,
      missing.map((entry) => {
        const command = registerCommand(entry, daemonJson);
        return problemOf(
          { file: 'docker info', key: `runtimes.${entry.name}` },
          why.notRegistered({ command }),
        );
      }),
    );
  } finally {
    await connected.close();
  }
}

function registerCommand(entry: RuntimeEntry, daemonJson: string | null): CommandValue {
  const { name, path = '', runtimeArgs = [] } = entry;
  const file = daemonJson === null ? [] : ['--daemon-json', daemonJson];
  const own = runtimeArgs.length === 0 ? [] : ['--', ...runtimeArgs];
  return { ocibench: ['runtimes', 'add', ...file, name, '--path', path, ...own] };
}

const quietText = notices('quiet', {
  waiting: 'other processes use {share} of the CPUs (limit {limit}): waiting until the host is quiet: {who}',
  settled: 'started {minutes} min late: other processes used {share} of the CPUs (limit {limit}): {who}',
  busy: 'other processes use {share} of the CPUs, more than the limit of {limit}: {who}',
});

/** Duration of one look at the CPU use, ms. */
const lookMs = 5_000;
/** Looks after which a host counts as busy; `waiting`: with `wait`, half an hour. */
const looks = { refusing: 3, waiting: 360 } as const;
/** Quiet looks in a row after which a busy host has settled: a machine that has just woken rests in between. */
const settledLooks = 6;

/** What a look at the host found. */
interface Quiet {
  /** Why it is not quiet; null if it is, or if its counters cannot be read. */
  readonly busy: Message | null;
  /** How long it was waited for, and for whom; null if it was quiet at once. */
  readonly waited: Message | null;
}

/** Looks whether others use the CPUs, and waits for a quiet host if asked to. An interrupt ends the wait (exit 130). */
export async function quietHost(
  app: Pick<AppContext, 'host' | 'clock' | 'reporter'>,
  options: { readonly limit: number; readonly wait: boolean; readonly interrupt: AbortSignal },
): Promise<Quiet> {
  const { limit, wait, interrupt } = options;
  // Steal is added to use, so the share can exceed 1: a limit of 1 means none, rather than one that a host could miss.
  if (limit >= 1) return { busy: null, waited: null };
  const valuesOf = (use: OtherUse) => ({
    share: percent(use.share),
    limit: percent(limit),
    who: whoUses(use),
  });
  const began = app.clock.now();
  const seen: OtherUse[] = [];
  const use = await lastingUse(
    app,
    {
      limit,
      lookMs,
      ...(wait ? { looks: looks.waiting, settled: settledLooks } : { looks: looks.refusing }),
    },
    interrupt,
    (found) => {
      seen.push(found);
      if (wait) app.reporter.log(quietText.waiting(valuesOf(found)));
    },
  );
  if (use !== null) return { busy: quietText.busy(valuesOf(use)), waited: null };
  const minutes = Math.round((app.clock.now() - began) / 6e3) / 10;
  const [first] = seen;
  return {
    busy: null,
    waited: first === undefined ? null : quietText.settled({ minutes, ...valuesOf(first) }),
  };
}

const text = notices('nightly', {
  notExported: '{what} was not written: {why}',
  notNotified: 'the alarms were not sent: {why}',
});

type AfterNightOptions = AfterSettings & Pick<NightlySettings, 'history'>;

/** Notifies of new alarms, and writes the exports. The night is already recorded, so an error here is only a warning. */
export async function afterNight(
  app: AppContext,
  { history, notify, exports }: AfterNightOptions,
  gate: readonly GateResult[],
): Promise<void> {
  const { reporter } = app;
  const attempt = (failed: (why: Message) => Message, work: () => Promise<unknown>) =>
    work().catch((error: unknown) => reporter.warn(failed(external(reasonOf(error, reporter.lang)))));
  if (notify !== null)
    await attempt(
      (why) => text.notNotified({ why }),
      () => notifyNew(app, notify, history),
    );
  const { formats, directory } = exports;
  if (formats.length === 0) return;
  await attempt(
    (why) => text.notExported({ what: directory, why }),
    async () => {
      const opened = await historyIn(history, reporter.lang);
      for (const format of formats)
        await attempt(
          (why) => text.notExported({ what: format, why }),
          async () => {
            const exported = exportedAs(app, opened, format, { host: hostIdentity(), since: null, gate });
            return writeExport(app, directory, exported);
          },
        );
    },
  );
}

function reasonOf(error: unknown, lang: AppContext['reporter']['lang']): string {
  if (!(error instanceof OcibenchError)) return String(error);
  return [error.message, ...error.problems.map((problem) => formatProblem(problem, lang))].join('\n');
}
