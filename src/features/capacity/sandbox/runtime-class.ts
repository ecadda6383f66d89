import { listed, quantity } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message, Quantity } from '../../../core/messages/message.ts';
import type {
  ComputedOverhead,
  Overhead,
  OverheadEstimate,
  PodFixed,
  RuntimeOverhead,
} from './overhead-record.ts';
import { cpuQuantity, memoryQuantity, objectName, wholeMebibytes } from './quantity.ts';
import { confidenceShown, mebibyte, mebibytes, percent } from './shown.ts';

const kibibyte = 2 ** 10;

/**
 * One idle container (`sleep`) of Kata 3.25.0 with QEMU and virtio-fs, measured on the host: `Pss_Anon` and `Pss_Shmem` of its
 * processes, KiB (docs/accounting.md). QEMU ran without KVM, so its anonymous memory includes translated code, and the agent in
 * the guest was a stub.
 */
export const kataCapture = {
  version: '3.25.0',
  /** Shim, virtiofsd and its child, QEMU without the guest's memory. */
  hostSideKib: { shim: 7_972, virtiofsd: 242 + 382, qemu: 168_624 },
  /** Touched memory of the guest; QEMU and a virtiofsd map it. */
  guestKib: 276_026 + 1_966,
} as const;

/** `default_memory` of Kata's own configuration files, bytes. */
export const kataDefaultMemory = 2 ** 31;

/**
 * Memory overhead of a Kata sandbox whose guest has `default_memory` + the container's limit. The program gets the limit; the
 * rest of the guest and the processes around it are overhead. A guest keeps all memory it has touched, page cache included, so
 * in time it uses all of its memory.
 */
export function kataEstimate(guestBytes: number): ComputedOverhead {
  const { version, hostSideKib, guestKib } = kataCapture;
  const hostSideBytes = Object.values(hostSideKib).reduce((sum, part) => sum + part, 0) * kibibyte;
  return {
    runtime: 'kata',
    family: 'kata',
    version,
    guestBytes,
    idleBytes: hostSideBytes + Math.min(guestBytes, guestKib * kibibyte),
    hostSideBytes,
    podFixed: { memoryBytes: wholeMebibytes(guestBytes + hostSideBytes), milliCpu: null },
  };
}

const words = messages('runtimeClass', {
  what: 'What a sandbox of {runtime} costs beyond its containers, by ocibench.',
  measured: 'Measured through Docker, one container a sandbox: run {runs} of {since}.',
  host: 'Host {host}: {os}, Linux {kernel}, {arch}, {cpu}; Docker {docker}; {version}.',
  memory:
    'memory: {value} [{low}, {high}] a sandbox, {confidence} interval, {blocks} blocks; the largest of {sandboxes} that were seen: {largest}. podFixed is the upper end, or the largest where that is more, rounded up.',
  noKernel: 'Kernel memory (page tables) is not in it: it could not be read.',
  share:
    'Not in podFixed, since Kubernetes has no field for it: {value} [{low}, {high}] of what the containers hold; {bytes} for a pod that holds {size}.',
  once: 'Once on a host, for --system-reserved: {value} [{low}, {high}], mostly program text.',
  cpu: 'cpu: {value} [{low}, {high}] at rest, the engine’s part included; podFixed is the upper end, rounded up to {rounded}.',
  noCpu: 'cpu is left out: it is not known what a sandbox uses at rest.',
  start: 'Not in podFixed: a start and its end cost {value} [{low}, {high}] of CPU time.',
  pod: 'A pod has a container more, which only waits (pause), and is not in it.',
  handler: 'handler is its name in daemon.json: write the name that containerd or CRI-O has for it.',
  computed:
    'COMPUTED, not measured here: from a capture of Kata {version} with QEMU at rest, under emulation.',
  formula:
    'memory: default_memory {guest}, which the guest has beside the limits of the containers and in time touches as a whole, + {hostSide} of shim, virtiofsd and QEMU. At rest the capture held {idle}.',
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
export function runtimeClasses(overhead: Overhead, say: (message: Message) => string): string {
  const measured = overhead.runtimes.flatMap((each) =>
    each.podFixed === null ? [] : [manifest(each.runtime, each.podFixed, measuredWords(each, overhead), say)],
  );
  const computed = overhead.computed.map((each) =>
    manifest(each.runtime, each.podFixed, computedWords(each), say),
  );
  return [...measured, ...computed].join('---\n');
}

function manifest(
  runtime: string,
  { memoryBytes, milliCpu }: PodFixed,
  comments: readonly Message[],
  say: (message: Message) => string,
): string {
  const name = objectName(runtime);
  return [
    ...comments.map((comment) => `# ${oneLine(say(comment))}`),
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
  { runtime, version, platform, size, count, idleCpus, startCpuNs }: RuntimeOverhead,
  { runs, host, engine, confidence }: Overhead,
): readonly Message[] {
  if (size === null) return [];
  const { fixedBytes, share } = size.total;
  const own = [version ?? runtime, platform].filter((part) => part !== null);
  return [
    words.what({ runtime }),
    words.measured({ runs: listed(runs.map(({ runId }) => runId)), since: runs[0]?.startedAt ?? '' }),
    words.host({
      ...{ host: host.hostname, os: host.os, kernel: host.kernel, arch: host.arch, cpu: host.cpuModel },
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

function computedWords({
  runtime,
  version,
  guestBytes,
  hostSideBytes,
  idleBytes,
}: ComputedOverhead): readonly Message[] {
  return [
    words.what({ runtime }),
    words.computed({ version }),
    words.formula({
      guest: mebibytes(guestBytes),
      hostSide: mebibytes(hostSideBytes),
      idle: mebibytes(idleBytes),
    }),
    words.noCpu,
    words.handler,
  ];
}
