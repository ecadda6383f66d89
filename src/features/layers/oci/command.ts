import { engineNeed } from '../../../core/engine/engine-need.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Params } from '../../../core/model/cell.ts';
import type { RuntimeFacts } from '../../../core/model/runtime.ts';
import type { Workload } from '../../../core/model/workload.ts';

const text = notices('layer.oci', {
  noCommand:
    'a runtime that is registered by runtimeType is a containerd shim, which has no command of its own',
  noNetwork: 'the runtime alone makes no bridge',
  noVolume: 'the runtime alone has no volumes',
  noLog: 'the runtime alone has no log driver',
  noPull: 'the image is one of Docker’s own; only images that are built from a recipe are unpacked',
});

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
