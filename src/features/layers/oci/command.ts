import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Params } from '../../../core/model/cell.ts';
import type { RuntimeEntry, RuntimeFacts } from '../../../core/model/runtime.ts';
import type { Workload } from '../../../core/model/workload.ts';
import { familyOfEntry } from '../../../core/runtimes/registry.ts';
import { engineNeed } from '../../../core/engine/engine-need.ts';

const text = notices('layer.oci', {
  noCommand:
    'a runtime that is registered by runtimeType is a containerd shim, which has no command of its own',
  noNetwork: 'the runtime alone makes no bridge',
  noVolume: 'the runtime alone has no volumes',
  noLog: 'the runtime alone has no log driver',
  noPull: 'the image is one of Docker’s own; only images that are built from a recipe are unpacked',
});

/**
 * The command line of a runtime without an engine: its program, the arguments of daemon.json, and those that its family
 * needs in this case.
 */
export function runtimeCommand(entry: RuntimeEntry): string[] {
  const given = entry.runtimeArgs ?? [];
  const isGiven = (flag: string) => given.some((word) => word.split('=')[0] === flag.split('=')[0]);
  const { argumentsAlone = [] } = familyOfEntry(entry);
  return [entry.path ?? entry.name, ...given, ...argumentsAlone.filter((flag) => !isGiven(flag))];
}

const needs = { bridge: text.noNetwork, volume: text.noVolume, log: text.noLog, pull: text.noPull } as const;

/** Why a workload cannot be measured with the runtime alone; null where it can. */
export function unsupportedAlone(
  subject: { readonly workload: Workload; readonly params: Params },
  { entry }: Pick<RuntimeFacts, 'entry'>,
): Message | null {
  if (entry.runtimeType !== undefined) return text.noCommand;
  const need = engineNeed(subject);
  return need === null ? null : needs[need];
}
