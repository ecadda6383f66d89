import { listed, quantity } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message, Quantity } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { kataCapture } from './guest-memory.ts';
import type {
  ComputedOverhead,
  GuestMemory,
  Overhead,
  OverheadEstimate,
  PodFixed,
  RuntimeOverhead,
} from './overhead-record.ts';
import { cpuQuantity, memoryQuantity, objectName } from './quantity.ts';
import { confidenceShown, mebibyte, mebibytes, percent } from './shown.ts';

const words = messages('runtimeClass', {
  what: 'What a sandbox of {runtime} costs beyond its containers, by ocibench.',
  measured: 'Measured through Docker, one container per sandbox: run {run} of {since}.',
  host: 'Host {host}: {os}, Linux {kernel}, {arch}, {cpu}; Docker {docker}; {version}.',
  memory:
    'memory: {value} [{low}, {high}] per sandbox, {confidence} interval, {blocks} blocks; largest of {sandboxes} sandboxes: {largest}.',
  rule: 'podFixed is the upper end of the interval or the largest sandbox, whichever is more, rounded up.',
  guestRule:
    'That is an idle guest. podFixed is at least default_memory ({guest}) + {hostSide} for shim, helpers and monitor. A guest keeps all memory that it has touched, and eventually touches all of it. With less, Kubernetes kills pods when memory runs out.',
  guestDefault:
    'default_memory is {guest} here. If {runtime} has another one:  @(capacity overhead --yaml --kata-memory 1024M)',
  guestWhole:
    'Guest and monitor memory cannot be told apart here, so podFixed counts twice what an idle guest has touched.',
  emulated:
    'EMULATED: the processor of its guests was emulated ({by}), without KVM. Its memory includes translated code: 80 to 106 MiB in guests of Kata 3.25.0.',
  noKernel: 'Kernel memory (page tables) is not included: it could not be read.',
  share:
    'Not in podFixed, because Kubernetes has no field for it: {value} [{low}, {high}] of what the containers hold; {bytes} for a pod that holds {size}.',
  once: 'Once per host, for --system-reserved: {value} [{low}, {high}], mostly program text.',
  cpu: 'cpu: {value} [{low}, {high}] when idle, including the engine’s part; podFixed is the upper end, rounded up to {rounded}.',
  noCpu: 'cpu is left out: what an idle sandbox uses is unknown.',
  start: 'Not in podFixed: a start and its end cost {value} [{low}, {high}] of CPU time.',
  pod: 'The pause container of a pod is not included.',
  handler: 'handler is the name in daemon.json: replace it by the name in containerd or CRI-O.',
  computed:
    'COMPUTED, not measured here: from a capture of an idle Kata {version} with QEMU, under emulation ({by}).',
  computedCode:
    'The memory of QEMU, {qemu}, includes translated code: 80 to 106 MiB in other guests. The capture does not say how much, so nothing is subtracted. Under KVM, podFixed is too large by that amount.',
  formula:
    'memory: default_memory ({guest}), which the guest has beyond the container limits and eventually touches as a whole, + {hostSide} for shim, virtiofsd and QEMU. When idle, the capture held {idle}.',
});

const exampleBytes = 512 * mebibyte;

/** Values of a message for an estimate; a missing bound is `?`. */
function bounds(
  { value, low, high }: OverheadEstimate,
  show: (amount: number) => Quantity,
): { readonly value: Quantity; readonly low: Quantity | string; readonly high: Quantity | string } {
  const bound = (end: number | null) => (end === null ? '?' : show(end));
  return { value: show(value), low: bound(low), high: bound(high) };
}

/** The RuntimeClass objects of all runtimes with a podFixed, as a YAML stream; empty if there are none. */
export function runtimeClasses(overhead: Overhead): string {
  const measured = overhead.runtimes.flatMap((each) =>
    each.podFixed === null ? [] : [manifest(each.runtime, each.podFixed, measuredWords(each, overhead))],
  );
  const computed = overhead.computed.map((each) =>
    manifest(each.runtime, each.podFixed, computedWords(each)),
  );
  return [...measured, ...computed].join('---\n');
}

function manifest(
  runtime: string,
  { memoryBytes, milliCpu }: PodFixed,
  comments: readonly Message[],
): string {
  const name = objectName(runtime);
  return [
    ...comments.map((comment) => `# ${oneLine(translate(comment, 'en'))}`),
    'apiVersion: node.k8s.io/v1',
    'kind: RuntimeClass',
    'metadata:',
    `  name: "${name}"`,
    `handler: "${name}"`,
    'overhead:',
    '  podFixed:',
    `    memory: "${memoryQuantity(memoryBytes)}"`,
    ...(milliCpu === null ? [] : [`    cpu: "${cpuQuantity(milliCpu)}"`]),
    '',
  ].join('\n');
}

/** Keeps untrusted names and versions from ending the comment (YAML 1.1 also breaks lines at NEL, LS and PS). */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\u2028\u2029\ufeff]+/gu, ' ');
}

function measuredWords(
  { runtime, version, platform, size, count, idleCpus, startCpuNs, guest, emulation }: RuntimeOverhead,
  { run, host, engine, confidence }: Overhead,
): readonly Message[] {
  if (size === null) return [];
  const { fixedBytes, share } = size.total;
  const own = [version ?? runtime, platform].filter((part) => part !== null);
  return [
    words.what({ runtime }),
    words.measured({ run: run.runId, since: run.startedAt }),
    words.host({
      host: host.hostname,
      os: host.os,
      kernel: host.kernel,
      arch: host.arch,
      cpu: host.cpuModel,
      docker: `${engine.version} (${engine.kind})`,
      version: listed(own),
    }),
    words.memory({
      ...bounds(fixedBytes, mebibytes),
      confidence: confidenceShown(confidence),
      blocks: fixedBytes.blocks,
      sandboxes: size.sandboxes,
      largest: mebibytes(size.largestBytes),
    }),
    ...(guest === null ? [words.rule] : guestWords(runtime, guest)),
    ...(emulation === null ? [] : [words.emulated({ by: emulation })]),
    ...(size.kernelCounted ? [] : [words.noKernel]),
    words.share({
      ...bounds(share, percent),
      bytes: mebibytes(Math.max(0, share.high ?? share.value) * exampleBytes),
      size: quantity(exampleBytes / mebibyte, 'MiB'),
    }),
    ...(count === null ? [] : [words.once(bounds(count.oncePerHostBytes, mebibytes))]),
    idleCpus === null
      ? words.noCpu
      : words.cpu({
          ...bounds(idleCpus, (cpus) => quantity(cpus * 1000, 'm', 2)),
          rounded: cpuQuantity(1),
        }),
    ...(startCpuNs === null ? [] : [words.start(bounds(startCpuNs, (ns) => quantity(ns / 1e6, 'ms')))]),
    words.pod,
    words.handler,
  ];
}

function guestWords(
  runtime: string,
  { defaultBytes, hostSideBytes, isApart }: GuestMemory,
): readonly Message[] {
  return [
    words.guestRule({ guest: mebibytes(defaultBytes), hostSide: mebibytes(hostSideBytes) }),
    ...(isApart ? [] : [words.guestWhole]),
    words.guestDefault({ runtime, guest: mebibytes(defaultBytes) }),
  ];
}

function computedWords({
  runtime,
  version,
  emulation,
  guestBytes,
  hostSideBytes,
  idleBytes,
}: ComputedOverhead): readonly Message[] {
  return [
    words.what({ runtime }),
    words.computed({ version, by: emulation }),
    words.formula({
      guest: mebibytes(guestBytes),
      hostSide: mebibytes(hostSideBytes),
      idle: mebibytes(idleBytes),
    }),
    words.computedCode({ qemu: mebibytes(kataCapture.hostSideKib.qemu * 1024) }),
    words.noCpu,
    words.handler,
  ];
}
