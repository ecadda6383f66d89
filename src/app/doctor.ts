import type { RunRequest } from '../core/config/command-line.ts';
import { notices } from '../core/messages/define.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../core/model/failure/error.ts';
import type { Check, EngineFacts, HostFacts } from '../core/model/machine/host.ts';
import { ownLayer } from '../core/model/runtime/engine-choice.ts';
import type { RuntimeFacts } from '../core/model/runtime/runtime.ts';
import { onThisMachine } from '../core/model/runtime/unreachable-engine.ts';
import { familyOfEntry } from '../core/runtimes/registry.ts';
import type { AppContext } from './context.ts';
import { checksOf, hostOf } from './host-checks.ts';
import { openConfiguration } from './measure/configuration.ts';
import { EngineError } from './measure/engines.ts';
import { holdHost } from './measure/host-lock.ts';
import { newRunId } from './measure/past-runs.ts';
import { refuseUnknownRuntimes, registeredRuntimes, reportNotes } from './measure/registered.ts';
import { conditionsOf } from './measure/try-engines.ts';
import { entriesOf, tryRuntimes } from './measure/try-runtimes.ts';
import { requirements } from './requirements.ts';

const text = notices('doctor', { interrupted: 'interrupted: cleaning up' });

/** The findings about this machine, and the exit code. */
export interface Diagnosis {
  readonly host: HostFacts;
  readonly engine: EngineFacts;
  readonly runtimes: readonly RuntimeFacts[];
  readonly checks: readonly Check[];
}

/**
 * Inspects host, engine and runtimes. `show` gets the findings before any error is thrown: they matter most where no runtime
 * can be tried. Returns exit code 1 where a check fails or a requested runtime cannot run.
 */
export async function diagnose(
  app: AppContext,
  request: RunRequest,
  show: (diagnosis: Diagnosis) => void,
): Promise<ExitCode> {
  const { reporter, environment } = app;
  const resolution = (await openConfiguration(app, request, { here: true })).resolve(request);
  const { config } = resolution;
  const registered = await registeredRuntimes(resolution);
  reportNotes(reporter, registered);
  await refuseUnknownRuntimes(app, registered, config, request);
  using interrupt = app.interrupts(text.interrupted);
  // Doctor starts containers, which would disturb a measurement in progress.
  await using lock = await holdHost(app, {
    command: 'ocibench doctor',
    runId: () => newRunId(app.clock.date()),
    wait: request.wait ?? false,
    interrupt: interrupt.signal,
  });
  await using session = await app.engines.openSession(lock.owner.runId, config.engine, registered.entries, {
    daemon: request,
    reporter,
    environment,
    layers: [ownLayer(config.engine)],
  });
  const host = await hostOf(session);
  const entries = await entriesOf(session, registered, config);
  const tried = await tryRuntimes({
    session,
    entries,
    registered,
    config,
    host,
    images: [],
    interrupt: interrupt.signal,
  }).catch((error: unknown) => {
    if (error instanceof OcibenchError || error instanceof EngineError) return error;
    throw error;
  });
  // Results leave this host, and have no values that may be secret; this is their owner's terminal.
  const runtimes = (tried instanceof Error ? [] : tried.runtimes).map((facts) => ({
    ...facts,
    entry: entries.find(({ name }) => name === facts.entry.name) ?? facts.entry,
  }));
  const conditions = await conditionsOf(session).catch(() => ({}));
  const families = entries.map((entry) => familyOfEntry(entry).id);
  const checks = [
    ...(await checksOf(session, {
      host,
      conditions,
      runtimes,
      devices: tried instanceof Error ? null : tried.devices,
      families,
      isRoot: environment.isRoot,
      today: app.clock.date().toISOString().slice(0, 10),
    })),
    ...(onThisMachine(session.engine.facts) ? await requirementChecks() : []),
  ];
  show({ host, engine: { ...session.engine.facts, conditions }, runtimes, checks });
  if (tried instanceof Error) throw tried;
  const asked = runtimes.some((runtime) => runtime.requested && runtime.preflight.status === 'unavailable');
  return asked || checks.some((check) => check.status === 'fail') ? exitCodes.someFailed : exitCodes.ok;
}

async function requirementChecks(): Promise<readonly Check[]> {
  const found = await Promise.all((await requirements()).map(({ check }) => check?.() ?? []));
  return found.flat();
}
