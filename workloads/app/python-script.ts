import { messages, notices } from '../../src/core/messages/define.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { quoted, within } from '../lib/task-workload.ts';

/** Number of rounds per trial; each is about 8 ms of work. */
const rounds = 30;
/** Results that every round must find: solutions of the eight queens, and words of a generated text. */
const answer = '92 1000 30000';

const script = `
import time

def queens(n, row=0, columns=0, left=0, right=0):
    if row == n:
        return 1
    found = 0
    for column in range(n):
        bit = 1 << column
        if not (columns & bit or left & bit or right & bit):
            found += queens(n, row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1)
    return found

def words():
    counts = {}
    for i in range(30000):
        word = "w%d" % (i * 7919 % 1000)
        counts[word] = counts.get(word, 0) + 1
    return len(counts), sum(counts.values())

begin = time.monotonic_ns()
for _ in range(${rounds}):
    answer = (queens(8), *words())
end = time.monotonic_ns()
print(*answer)
print("rounds ${rounds} ns", end - begin)
`;

const words = messages('workload.pythonScript', {
  title: 'A script that computes',
  round: 'the time of a round in ns',
});

const says = notices('workload.pythonScript', {
  otherOutput: 'not what the script prints: {output}',
});

const pythonScript: Workload = {
  id: 'app/python-script',
  category: 'app',
  image: 'programs',
  title: words.title,
  description: `Pure Python: the eight queens and a count of 30 000 words in a dictionary, ${rounds} times. No files, no network,
hardly a system call but for memory: the ratio should be 1 under every runtime; where it is not, page faults, huge pages or
the machine are to blame. It is the interpreted counterpart of \`cpu/sysbench\`.

The time is the script's own (\`time.monotonic_ns\`) without the interpreter's start; the CPU per unit has the start in it
(some 20 ms). A unit of work is one round.`,
  parameters: {},
  presets: { quick: [], standard: [], full: [{}], capacity: [{}] },
  metrics: [
    {
      id: 'python.round',
      unit: 'ns',
      better: 'lower',
      description: "the script's time over its rounds, the container's CLOCK_MONOTONIC",
    },
  ],
  precision: 0.03,
  observe: { kind: 'series' },
  container: () => ({
    command: stamped(['/usr/bin/python3', '-c', script]),
    stamped: true,
    timeoutMs: 60_000,
  }),
  parse({ stdout }) {
    const found = new RegExp(`^${answer}\nrounds ${rounds} ns (\\d{1,15})\n$`).exec(stdout);
    if (found === null) throw new ParseError(says.otherOutput({ output: quoted(stdout) }));
    // A round is about 10^6 steps of the interpreter: a million rounds per second and one per minute are both impossible.
    const round = within(words.round, Number(found[1]) / rounds, [1e3, 60e9]);
    return [
      { metric: 'python.round', unit: 'ns', better: 'lower', value: round },
      { metric: 'work.units', unit: 'count', better: 'neither', value: rounds },
    ];
  },
};
export default pythonScript;
