import { notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';

const says = notices('tool.perfBench', {
  missing: 'no {what} in the output of perf bench: {output}',
  notSaid: "perf bench does not say ''{executed}''",
  disagrees: 'perf bench reports {timeNs} ns an operation and {rate} operations a second',
});

/** `     Total time: 0.007 [sec]`, followed by usecs/op and ops/sec where the benchmark counts operations. */
const total = /^ *Total time: (\d+\.\d+) \[sec\]$/m;
const perOperation = /^ *(\d+\.\d+) usecs\/op$/m;
const operations = /^ *(\d+) ops\/sec$/m;

function numberIn(stdout: string, pattern: RegExp, what: string): number {
  const found = pattern.exec(stdout)?.[1];
  if (found === undefined)
    throw new ParseError(says.missing({ what, output: JSON.stringify(stdout.slice(-120)) }));
  return Number(found);
}

/**
 * Time of one operation of `perf bench`, ns, from `usecs/op` (six decimals). `executed`: the benchmark's line with the number
 * of its operations. ParseError where it is absent, or where the printed rate disagrees.
 */
export function perfBenchTime(stdout: string, executed: string): number {
  if (!stdout.split('\n').some((line) => line.trim() === `# ${executed}`))
    throw new ParseError(says.notSaid({ executed }));
  const timeNs = numberIn(stdout, perOperation, 'usecs/op') * 1000;
  const rate = numberIn(stdout, operations, 'ops/sec');
  // The rate is truncated to a whole number.
  if (!(Math.abs(1e9 / timeNs - rate) <= 1 + rate * 0.01))
    throw new ParseError(says.disagrees({ timeNs, rate }));
  return timeNs;
}

/**
 * Total time of a benchmark of `perf bench` without an operation count, ns (resolution 1 ms). ParseError where absent.
 */
export function perfBenchTotal(stdout: string): number {
  return numberIn(stdout, total, 'total time') * 1e9;
}
