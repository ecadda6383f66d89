import { external, joined } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import type { LayerStack, StackInterval, StackPart } from '../../../core/model/trial/layer-stack.ts';
import { formatDifference, formatEstimate } from '../../../report/document/format.ts';

const parts: Readonly<Record<StackPart, Message>> = messages('stack.part', {
  process: 'process',
  namespaces: 'namespaces and root',
  runtime: 'OCI runtime',
  containerd: 'containerd and shim',
  docker: 'dockerd',
});

const tops = messages('stack.top', {
  oci: 'the runtime alone',
  containerd: 'containerd',
  docker: 'Docker {version}',
  podman: 'Podman',
});

/** `containerd and shim, dockerd` */
export function partsName(of: readonly StackPart[]): Message {
  return joined(
    of.map((part) => parts[part]),
    'comma',
  );
}

/** Common name of the highest layer of a stack: `Docker 26.1`; with several engines, the engine's name in the run. */
export function topName({ top, engine }: Pick<LayerStack, 'top' | 'engine'>, run: RunRecord): Message {
  if (top === 'docker' && engine !== undefined) return external(engine);
  if (top === 'docker')
    return tops.docker({ version: /^\d+(\.\d+)?/.exec(run.engine.version)?.[0] ?? run.engine.version });
  return top === 'floor' ? tops.oci : tops[top];
}

/** `+41.2 ms [38.0, 44.1]`; a negative part has a minus. */
export function addedText({ estimate: value, low, high }: StackInterval, lang: Lang): string {
  return formatDifference({ value, low, high }, 'ns', lang);
}

/** `203 ms [179, 269]` */
export function wholeText({ estimate: value, low, high }: StackInterval, lang: Lang): string {
  return formatEstimate({ value, low, high }, 'ns', lang);
}
