import { createHash, randomBytes } from 'node:crypto';
import { EngineError } from '../../../core/engine/engine.ts';
import { StepFailure, withDeadline } from '../../../core/measure/execute/deadline.ts';
import { type StartedCopy, startCopy } from '../../../core/measure/execute/group.ts';
import type { GroupContext } from '../../../core/measure/execute/group-context.ts';
import type { GroupRunner } from '../../../core/measure/execute/group-runners.ts';
import { external } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { absent, present } from '../../../core/metrics/figure.ts';
import { MessageError } from '../../../core/model/failure/said.ts';
import { type Files, packed, unpacked } from '../files/tar.ts';
import { transferMarks } from '../files/transfer.ts';

const text = notices('sandbox.files', {
  noCall:
    'this layer has no call that copies files into or out of a container: measure it at the layer docker',
  notSeen:
    'the sandbox does not see {missing} of {count} uploaded files: its runtime keeps its own view of the directory (gVisor: not with --overlay2=none --file-access=shared)',
  notFound:
    'the engine does not find what the sandbox wrote, since its runtime keeps the files to itself (gVisor: not with --overlay2=none): {said}',
  otherContent: '{missing} of {count} files came out of the sandbox with another content, or not at all',
  programFailed: 'the program that writes the files ended with exit code {code}: {line}',
});

/** A directory of the image. Not /tmp: gVisor mounts a file system of its own there. */
const directory = '/var';
/** Where the sandbox writes what is downloaded. */
const written = `${directory}/out`;
/** The most that a download may send, as a multiple of its contents: headers and padding of small files. */
const overhead = 4;

/** What the sandbox or the engine did wrong. */
const failure = (message: Message) => new StepFailure('run', new MessageError(message));

const digest = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** Runs a shell script in the sandbox; resolves with its exit code and output. */
async function shell(copy: StartedCopy, script: string, { interrupt, spec }: GroupContext) {
  const chunks: Buffer[] = [];
  const sink = { onFirstByte: () => undefined, onData: (_: string, chunk: Buffer) => chunks.push(chunk) };
  const code = await withDeadline('exec', spec.request.timeoutMs, interrupt, (signal) =>
    copy.container.exec(['/bin/sh', '-c', script], sink, signal),
  );
  return { code, output: Buffer.concat(chunks).toString('utf8') };
}

/** Checksum by file name, from the output of sha256sum. */
function checksums(output: string): ReadonlyMap<string, string> {
  return new Map(
    [...output.matchAll(/^([0-9a-f]{64}) {2}(?:\S*\/)?([^\s/]+)$/gm)].map(([, sum = '', name = '']) => [
      name,
      sum,
    ]),
  );
}

/** The number of files whose checksum is not the expected one. */
function differing(expected: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): number {
  return [...expected].filter(([name, sum]) => found.get(name) !== sum).length;
}

/** The CPU time of sandbox and engine so far, ns; null where it cannot be read. */
function cpuOf({ observer }: GroupContext): number | null {
  const { cgroupNs, engineNs } = observer.cpuNow();
  return cgroupNs === null || engineNs === null ? null : cgroupNs + engineNs;
}

/** Runs the timed call; resolves with its result and the CPU time during it. */
async function transfer<T>(context: GroupContext, call: (signal: AbortSignal) => Promise<T>) {
  const { spec, interrupt, marks } = context;
  return withDeadline('run', spec.request.timeoutMs, interrupt, async (signal) => {
    const before = cpuOf(context);
    marks.set(transferMarks.begin);
    const result = await call(signal);
    marks.set(transferMarks.end);
    const after = cpuOf(context);
    return { result, cpuNs: before === null || after === null ? null : after - before };
  });
}

/** CPU time of a copy, ns, null where it cannot be read; or why this runtime does not let files through in this way. */
type Transfer = { readonly cpuNs: number | null } | { readonly refusal: Message };

async function upload(
  copy: StartedCopy,
  contents: readonly Buffer[],
  context: GroupContext,
): Promise<Transfer> {
  const files: Files = new Map(contents.map((content, i) => [`up-${i}`, content] as const));
  const archive = packed(files);
  const { cpuNs } = await transfer(context, async (signal) =>
    copy.container.putArchive?.(directory, archive, signal),
  );
  const { output } = await shell(copy, `cd ${directory} && echo here && sha256sum up-*`, context);
  const expected = new Map([...files].map(([name, content]) => [name, digest(content)]));
  const found = checksums(output);
  const missing = differing(expected, found);
  if (missing === 0) return { cpuNs };
  const reason = text.notSeen({ missing, count: contents.length });
  // None at all is the runtime's own view of the directory; a part of them, or another content, is a fault.
  if (/^here$/m.test(output) && found.size === 0) return { refusal: reason };
  throw failure(reason);
}

/** The engine does not find the file; not that the container is gone. */
function isMissing(error: unknown): error is EngineError {
  return (
    error instanceof EngineError && error.statusCode === 404 && !/no such container/i.test(error.message)
  );
}

async function download(
  copy: StartedCopy,
  count: number,
  bytes: number,
  context: GroupContext,
): Promise<Transfer> {
  const one = `head -c ${bytes} /dev/urandom > down-$i && i=$((i+1)) || exit`;
  const all = `i=0; while [ $i -lt ${count} ]; do ${one}; done`;
  const script = `mkdir ${written} && cd ${written} && ${all} && sha256sum down-*`;
  const { code, output } = await shell(copy, script, context);
  const expected = checksums(output);
  if (code !== 0 || expected.size !== count) {
    const line = output.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
    throw failure(text.programFailed({ code: String(code), line }));
  }
  const { result, cpuNs } = await transfer(context, async (signal) =>
    copy.container.getArchive?.(written, overhead * count * Math.max(bytes, 1024), signal).catch((error) => {
      if (!isMissing(error)) throw error;
      return { refusal: text.notFound({ said: external(error.said.text) }) };
    }),
  );
  if (result !== undefined && 'refusal' in result) return result;
  const { spec, interrupt } = context;
  const received = await withDeadline('run', spec.request.timeoutMs, interrupt, async () =>
    unpacked(result ?? Buffer.alloc(0)),
  );
  const found = [...received].map(([path, content]) => [path.replace(/^.*\//, ''), digest(content)] as const);
  const missing = differing(expected, new Map(found));
  if (missing > 0) throw failure(text.otherContent({ missing, count }));
  return { cpuNs };
}

/**
 * Copies files into or out of a running sandbox by the engine's calls, and verifies by checksums made in the sandbox that they
 * arrived.
 */
const files: GroupRunner = {
  name: 'files',
  async run({ settings }, context, whole) {
    const { interrupt, limits, marks } = context;
    const [count, bytes] = [Number(settings.files), Number(settings.bytes)];
    marks.set('create-begin');
    const copy = await startCopy(0, context, whole);
    const { putArchive, getArchive } = copy.container;
    if (putArchive === undefined || getArchive === undefined) {
      await withDeadline('remove', limits.removeMs, interrupt, (signal) => copy.container.remove(signal));
      return { copies: [], figures: { 'files.call': absent(text.noCall) } };
    }
    // A session that works in a directory has looked at it. `upload-unseen` only waits until the sandbox runs programs.
    await shell(copy, settings.way === 'upload-unseen' ? 'true' : `ls -la ${directory}`, context);
    const done =
      settings.way === 'download'
        ? await download(copy, count, bytes, context)
        : await upload(
            copy,
            Array.from({ length: count }, () => randomBytes(bytes)),
            context,
          );
    marks.set('remove-begin');
    await withDeadline('remove', limits.removeMs, interrupt, (signal) => copy.container.remove(signal));
    marks.set('remove-end');
    if ('refusal' in done) return { copies: [], figures: { 'files.call': absent(done.refusal) } };
    return {
      copies: [],
      figures: {
        'files.bytes': present(count * bytes, 'checksums in the sandbox'),
        ...(done.cpuNs === null ? {} : { 'files.cpu': present(done.cpuNs, 'cgroup') }),
      },
    };
  },
};
export default files;
