import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { quoted, within } from '../lib/task-workload.ts';

const words = messages('workload.openssl', {
  title: 'Cryptography, a control',
  seconds: "openssl's time in s",
  bytesRate: "openssl's bytes a second",
});

const says = notices('workload.openssl', {
  noCount: "no count of blocks in openssl's output: {output}",
  otherAlgorithm: 'openssl reports {found}, not {algorithm}',
  otherBlocks: "openssl's blocks are not of {block} bytes: {output}",
});

const block = 16_384;

/** Algorithm → OpenSSL's name for it. */
const algorithms = { sha256: 'sha256', 'aes-256-gcm': 'aes-256-gcm' } as const;

function algorithmOf(name: string | number | undefined): string {
  if (name !== 'sha256' && name !== 'aes-256-gcm')
    throw new RangeError(`app/openssl has no algorithm '${name}'`);
  return algorithms[name];
}

const openssl: Workload = {
  id: 'app/openssl',
  category: 'app',
  image: 'programs',
  title: words.title,
  description: `\`openssl speed\` hashes or encrypts blocks of 16 KiB in one thread for one second. It uses the processor's own
instructions and makes no system call but to look at the clock, so every ratio should be 1. Where it is not, a runtime hides
processor features (OpenSSL then takes a slower way), or the machine was busy.

Without \`-elapsed\` OpenSSL divides by the CPU time that the kernel accounts to it, which under gVisor is the sentry's
estimate; with it, as here, by the clock. On a busy machine that clock counts the waiting too: then the CPU per unit says
more, though it has the start of openssl in it, which under gVisor is up to a tenth of it. A unit of work is one KiB.`,
  parameters: { algorithm: 'sha256 or aes-256-gcm' },
  presets: {
    quick: [],
    standard: [],
    full: [{ algorithm: 'sha256' }, { algorithm: 'aes-256-gcm' }],
  },
  metrics: [
    {
      id: 'openssl.throughput',
      unit: 'bytes/s',
      better: 'higher',
      description: "bytes of the blocks that were done over openssl's own time (line +R of -mr)",
    },
  ],
  precision: 0.03,
  observe: { kind: 'series' },
  container: ({ algorithm }) => ({
    command: stamped([
      '/usr/bin/openssl',
      'speed',
      '-elapsed',
      '-mr',
      '-seconds',
      '1',
      '-bytes',
      `${block}`,
      '-evp',
      algorithmOf(algorithm),
    ]),
    stamped: true,
    timeoutMs: 60_000,
  }),
  parse({ stdout, stderr }, { algorithm }) {
    const done = /^\+R:(\d{1,12}):([\w-]+):(\d+\.\d+)\r?$/m.exec(stderr);
    const sizes = /^\+H:(\d+)$/m.exec(stdout);
    if (done === null) throw new ParseError(says.noCount({ output: quoted(stderr) }));
    if (done[2]?.toLowerCase() !== algorithmOf(algorithm))
      throw new ParseError(
        says.otherAlgorithm({ found: String(done[2]?.slice(0, 20)), algorithm: String(algorithm) }),
      );
    if (sizes?.[1] !== `${block}`) throw new ParseError(says.otherBlocks({ block, output: quoted(stdout) }));
    const seconds = within(words.seconds, Number(done[3]), [0.9, 30]);
    const bytes = Number(done[1]) * block;
    // Bounds: an emulated machine without special instructions, and the speed of memory.
    const rate = within(words.bytesRate, bytes / seconds, [1e4, 1e12]);
    return [
      { metric: 'openssl.throughput', unit: 'bytes/s', better: 'higher', value: rate },
      { metric: 'work.units', unit: 'count', better: 'neither', value: bytes / 1024 },
    ];
  },
};
export default openssl;
