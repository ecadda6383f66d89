import { plainReasons } from '../collect/engine-cgroup.ts';
import type { MessageRefs } from '../messages/record.ts';
import { runCheck } from '../model/check.ts';
import type { Check } from '../model/host.ts';
import type { RunRecord } from '../model/run.ts';
import type { RuntimeFacts } from '../model/runtime.ts';
import type { KvmState } from '../runtimes/failure-rule.ts';
import type { HostDevices } from '../runtimes/family.ts';
import { engineChecks, engineCpuCheck } from './doctor/engine-checks.ts';
import { familyChecks } from './doctor/family-checks.ts';
import { hostCheckDefinitions, unseenHost } from './doctor/host-checks.ts';
import { explainPreflight } from './preflight/explain.ts';

type Localizable = Readonly<Record<string, unknown>> & { readonly messages?: MessageRefs | undefined };

const kvmStates: readonly KvmState[] = ['missing', 'denied', 'unusable', 'usable', 'untested'];

const deviceStates: readonly HostDevices[] = kvmStates.flatMap((kvm) =>
  [true, false].flatMap((vsock) =>
    (['socket', 'missing', 'dangling'] as const).map((syslog) => ({ kvm, vsock, syslog })),
  ),
);

/** The messages of those texts of `made` that equal the texts of `stored`. */
function sameTexts(stored: Localizable, made: Localizable): MessageRefs {
  return Object.fromEntries(
    Object.entries(made.messages ?? {}).filter(([field]) => stored[field] === made[field]),
  );
}

/** `stored` with the messages of the first candidate that has all of its texts, else of the first that has some. */
function withMessages<T extends Localizable>(stored: T, candidates: Iterable<Localizable>): T {
  let best: MessageRefs = {};
  for (const made of candidates) {
    const refs = sameTexts(stored, made);
    if (Object.keys(refs).length > Object.keys(best).length) best = refs;
    if (Object.keys(best).length === Object.keys(made.messages ?? {}).length) break;
  }
  return Object.keys(best).length === 0 ? stored : { ...stored, messages: best };
}

/** All checks with this id that this run may have recorded. */
function* checksOf({ id }: Check, { host, engine, runtimes }: RunRecord): Generator<Check> {
  for (const definition of hostCheckDefinitions)
    if (definition.id === id)
      for (const around of [{}, ...(definition.candidates?.() ?? [])])
        yield* runCheck(definition, { host, around });
  if (id === unseenHost.id) yield* runCheck(unseenHost, null);
  const families = runtimes.map(({ family }) => family);
  const isSame = (check: Check) => check.id === id;
  yield* engineChecks(engine, host, families).filter(isSame);
  for (const why of [null, ...plainReasons]) yield* [engineCpuCheck(why)].filter(isSame);
  for (const devices of [null, ...deviceStates])
    yield* familyChecks(families, runtimes, engine, host, devices).filter(isSame);
}

/** Possible explanations of a runtime that could not run, from the engine's error in the record. */
function* explanationsOf(
  { entry, preflight }: RuntimeFacts,
  { host, engine }: RunRecord,
): Generator<Localizable> {
  if (preflight.status !== 'unavailable') return;
  for (const kvm of [undefined, ...kvmStates])
    yield explainPreflight(preflight.error, { entry, host, engine, ...(kvm === undefined ? {} : { kvm }) });
}

/**
 * Adds messages to a run's checks and preflights. Records from before messages existed have English texts only: their
 * possible texts are made again from the facts of the same record, and used where they are equal. Texts that cannot be
 * made again stay unchanged.
 */
export function recallMessages(run: RunRecord): RunRecord {
  const checks = run.checks.map((check) =>
    check.messages === undefined ? withMessages(check, checksOf(check, run)) : check,
  );
  const runtimes = run.runtimes.map((facts) => {
    const { preflight } = facts;
    return preflight.status === 'available' || preflight.messages !== undefined
      ? facts
      : { ...facts, preflight: withMessages(preflight, explanationsOf(facts, run)) };
  });
  return { ...run, checks, runtimes };
}
