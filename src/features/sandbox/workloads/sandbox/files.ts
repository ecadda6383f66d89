import { messages } from '../../../../core/messages/define.ts';
import { recalled } from '../../../../core/messages/record.ts';
import { between, figureOf } from '../../../../core/model/trial/evidence.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { bytesOfEach, transferMarks } from '../../files/transfer.ts';

const words = messages('workload.files', { title: 'Files into and out of a running sandbox' });

const files: Workload = {
  id: 'sandbox/files',
  category: 'sandbox',
  image: 'base',
  title: words.title,
  description: `Copies files through the engine's API, as \`docker cp\` does: one of 16 MiB, or 200 of 4 KiB. \`upload\` writes them
into a directory that the sandbox has listed before, as a session does that works in it; \`upload-unseen\` into one at which it has
not looked yet; \`download\` reads what the sandbox wrote. Checksums that the sandbox makes of its files must agree with what was
sent or received. The time ends with the engine's answer: what was uploaded may not be on the disk yet.

The engine works on the root file system as the host sees it. gVisor keeps a view of its own: with its defaults (an overlay inside
the sandbox, exclusive file access) an upload into a directory that the sandbox knows stays invisible to it, and what the sandbox
writes cannot be downloaded. Such a row has no figures, but this reason: a file that does not arrive is no fast upload.
\`--overlay2=none\` with \`--file-access=shared\` changes both.`,
  parameters: {
    way: '`upload` (into a directory that the sandbox has listed), `upload-unseen` (into one that it has not), or `download`',
    files: 'number of files: 1 of 16 MiB, or more of 4 KiB each',
  },
  presets: {
    quick: [],
    standard: [],
    full: ['upload', 'upload-unseen', 'download'].flatMap((way) =>
      [1, 200].map((each) => ({ way, files: each })),
    ),
    sandbox: [{ way: 'upload', files: 1 }],
  },
  metrics: [
    {
      id: 'sandbox_files.time',
      unit: 'ns',
      better: 'lower',
      description: 'from the call until the engine has answered, or sent all; host CLOCK_MONOTONIC',
    },
    {
      id: 'sandbox_files.throughput',
      unit: 'bytes/s',
      better: 'higher',
      description: 'bytes of the files, without the archive around them, ÷ that time',
    },
    {
      id: 'sandbox_files.cpu',
      unit: 'ns',
      better: 'lower',
      description: 'CPU time of sandbox and engine during the call; absent where the engine’s is not known',
    },
  ],
  precision: 0.05,
  maxBlocks: 12,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/bin/sh', '-c', 'exec sleep 3600'], timeoutMs: 60_000 }),
  group: ({ way, files: count }) => ({
    kind: 'runner',
    runner: 'files',
    count: 1,
    settings: { way: String(way), files: Number(count), bytes: bytesOfEach(Number(count)) },
  }),
  refused({ figures }) {
    const call = figures['files.call'];
    return call !== undefined && 'absent' in call ? recalled(call, 'absent') : null;
  },
  parse(evidence) {
    const time = between(evidence, transferMarks.begin, transferMarks.end);
    const bytes = figureOf(evidence, 'files.bytes');
    const cpu = evidence.figures['files.cpu'];
    return [
      { metric: 'sandbox_files.time', unit: 'ns', better: 'lower', value: time },
      {
        metric: 'sandbox_files.throughput',
        unit: 'bytes/s',
        better: 'higher',
        value: (bytes / time) * 1e9,
      },
      ...(cpu !== undefined && 'value' in cpu
        ? [{ metric: 'sandbox_files.cpu', unit: 'ns', better: 'lower', value: cpu.value } as const]
        : []),
    ];
  },
};
export default files;
