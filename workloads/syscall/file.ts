import * as z from 'zod';
import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { MountRequest, Workload } from '../../src/core/model/workload/workload.ts';
import { afterClockSettled, operationMetrics, operationNamed, operationValues } from '../lib/stress-ng.ts';

const words = messages('workload.syscallFile', {
  title: 'Creating, looking up and removing files',
});

const says = notices('workload.syscallFile', {
  noJson: "no JSON in fio's output: {output}",
  badReport: "fio's report: {path}: {message}",
});

const files = 500;
const job = 'measure';
/** Operation → fio's engine, which makes one call per file and times only that. */
const operations = { create: 'filecreate', stat: 'filestat', unlink: 'filedelete' } as const;
const targets = ['bind', 'rootfs', 'tmpfs'] as const;
const directory = '/scratch';

function mountsOf(target: string | number | undefined): MountRequest[] {
  if (target === 'bind') return [{ type: 'bind', target: directory }];
  if (target === 'tmpfs') return [{ type: 'tmpfs', target: directory }];
  if (target === 'rootfs') return [];
  throw new RangeError(`syscall/file has no target '${target}'`);
}

const reportSchema = z.object({
  jobs: z
    .array(
      z.object({
        jobname: z.literal(job),
        error: z.literal(0),
        read: z.object({
          total_ios: z.literal(files),
          clat_ns: z.object({
            N: z.literal(files),
            mean: z.number().positive(),
            percentile: z.object({ '50.000000': z.number() }),
          }),
        }),
      }),
    )
    .length(1),
});

/** Extract fio's JSON from the warnings before it. */
function reportOf(stdout: string): z.infer<typeof reportSchema> {
  let json: unknown;
  try {
    json = JSON.parse(stdout.slice(stdout.indexOf('{'), stdout.lastIndexOf('}') + 1));
  } catch {
    throw new ParseError(says.noJson({ output: JSON.stringify(stdout.slice(0, 120)) }));
  }
  const parsed = reportSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ParseError(
    says.badReport({ path: String(issue?.path.join('.')), message: String(issue?.message).slice(0, 200) }),
  );
}

const file: Workload = {
  id: 'syscall/file',
  category: 'syscall',
  image: 'tools',
  title: words.title,
  description: `fio's engines for file operations, on ${files} files one after the other in one directory. One operation is
one call, which fio times alone: \`create\` is open with O_CREAT of a new file, \`stat\` is stat of a file that exists,
\`unlink\` removes an empty file. \`op.time\` is the median of the ${files} calls (fio's classes are 1.6% wide), which a few calls
that waited for a CPU or a disk do not move; \`op.rate\` follows from the mean, which they do. Calls of open, read,
getdents and the rest on files that exist are in the table of \`syscall/stress-ng\`.

Where the files are matters more under gVisor than anything else: \`bind\` is a directory of the host, on which the gofer
and the host's kernel take part; the \`rootfs\` is an overlay within the sandbox (\`--overlay2=root:self\`), and a \`tmpfs\` is the
sentry's own. The work begins when the sandbox's clock has settled (see \`syscall/clock\`), as fio reads it around each call.`,
  parameters: {
    op: `the call: ${Object.keys(operations).join(', ')}`,
    target: 'where the files are: bind (a directory of the host), rootfs or tmpfs',
  },
  presets: {
    quick: [],
    standard: [],
    full: targets.flatMap((target) => Object.keys(operations).map((op) => ({ op, target }))),
  },
  metrics: operationMetrics,
  precision: 0.1,
  observe: { kind: 'series' },
  container: ({ op, target }) => ({
    command: afterClockSettled(
      stamped([
        '/usr/bin/fio',
        `--name=${job}`,
        `--directory=${target === 'rootfs' ? '/' : directory}`,
        `--ioengine=${operationNamed('syscall/file', operations, op)}`,
        `--nrfiles=${files}`,
        '--openfiles=1',
        '--filesize=4k',
        '--fallocate=none',
        '--create_fsync=0',
        '--thread',
        '--output-format=json',
      ]),
    ),
    stamped: true,
    mounts: mountsOf(target),
    timeoutMs: 60_000,
  }),
  parse: ({ stdout }) =>
    reportOf(stdout).jobs.flatMap(({ read: { clat_ns: latency } }) =>
      operationValues(latency.percentile['50.000000'], 1e9 / latency.mean),
    ),
};
export default file;
