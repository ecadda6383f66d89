import { join } from 'node:path';
import { messages, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { type CheckDefinition, ok, runCheck, warn } from '../../model/machine/check.ts';
import type { Check, EngineFacts, HostFacts } from '../../model/machine/host.ts';
import type { RuntimeFamily } from '../../model/runtime/runtime.ts';
import { defaultExports } from '../../modules/default-exports.ts';
import type { EngineCheck } from './engine-check.ts';

const words = messages('doctor.engineCpu', {
  title: "engine's CPU time",
  counted: 'counted by the cgroups of its daemons',
});
const doubts = reasons('doctor.engineCpu', {
  unknown: {
    message:
      '{why}: engine.cpu and total.cpu are absent, and short-lived load beside the engine goes unnoticed. Impact: medium',
    fix: 'run dockerd and its containerd in cgroups of their own, as systemd does, and ocibench in another',
  },
});

const definitions = ((await defaultExports(join(import.meta.dirname, 'engine'))) as EngineCheck[]).toSorted(
  (a, b) => a.order - b.order,
);

const engineCpu: CheckDefinition<Message | null> = {
  id: 'engine-cpu',
  title: words.title,
  impact: 'medium',
  check: (why) => {
    if (why === null) return ok(words.counted);
    return warn(doubts.unknown({ why }));
  },
};

/** Is the CPU time of the engine's daemons and shims known? `unknown`: why not; null where it is. */
export function engineCpuCheck(unknown: Message | null): Check {
  const [check] = runCheck(engineCpu, unknown);
  if (check === undefined) throw new Error('the check of the CPU time always says something');
  return check;
}

/**
 * Checks of the engine on this host. `families` are the runtimes to be measured: some checks apply to one of them only.
 */
export function engineChecks(
  engine: EngineFacts,
  host: HostFacts,
  families: readonly RuntimeFamily[] = [],
): readonly Check[] {
  return definitions.flatMap((definition) => runCheck(definition, { engine, host, families }));
}
