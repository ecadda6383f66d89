import { perlClock } from '../../../../core/collect/perl-clock.ts';
import { messages } from '../../../../core/messages/define.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { objectives } from '../../density/knee.ts';
import {
  answerMetrics,
  densityFacts,
  densityMetrics,
  mostBlocks,
  parseDensity,
  stepSize,
} from '../../density/workload.ts';

const words = messages('workload.densityLoaded', {
  title: 'Lightly loaded sandboxes, one more and up to the knee',
});

/** Requests of a sandbox in a second, and turns of the loop that answers one: about a millisecond. */
const [rate, turns] = [10, 20_000];
/** Answers of a line. */
const ofLine = 5;
/** A line holds the answers of half a second: those of the time of starting must be over when the window begins. */
const times = { settleMs: 600, windowMs: 1_200 };
/** Answers in whole lines that one sandbox gives within the window at the least, if it is on time. */
const answers = ofLine * Math.floor((rate * times.windowMs) / 1_000 / ofLine);

/**
 * Requests are due at a fixed rate, whenever the one before was answered: what waits counts. Behind by more than two
 * seconds, it gives up what it missed.
 */
const script = `${perlClock}
$| = 1;
print "ready\\n";
my ($period, $x, @answers) = (${1e9 / rate}, 1);
my $due = monotonic() + rand($period);
while (1) {
  my $left = $due - monotonic();
  select undef, undef, undef, $left / 1e9 if $left > 0;
  $x = ($x * 69069 + 1) % 4294967296 for 1 .. ${turns};
  my $now = monotonic();
  push @answers, int(($now - $due) / 1000);
  if (@answers >= ${ofLine}) { print "answers @answers\\n"; @answers = () }
  $due += $period;
  $due = $now if $now - $due > 2e9;
}
`;

const loaded: Workload = {
  id: 'density/loaded',
  category: 'density',
  image: 'calibration',
  title: words.title,
  description: `The same as \`density/idle\`, but each sandbox has work: ${rate} times a second it wakes, computes for
about a millisecond (a loop of Perl of a fixed length) and looks at its own clock. The time from the instant at which it was
to wake to the end of its work is its time to answer: requests are due at a fixed rate, so that waiting counts. It ends as
\`density/idle\` does, and where the 95th percentile over all sandboxes is above ${objectives.answerNs / 1e6} ms and
${objectives.answerTimes}× that of the first step; an answer that does not come counts as infinitely late. The program holds next to nothing: memory of an application comes on top.`,
  parameters: { upTo: 'sandboxes at most' },
  presets: { quick: [], standard: [], full: [{ upTo: 8 }, { upTo: 256 }] },
  metrics: [...densityMetrics, ...answerMetrics],
  precision: 0.05,
  maxBlocks: mostBlocks,
  observe: { kind: 'nothing' },
  container: () => ({ command: ['/usr/bin/perl', '-e', script], timeoutMs: 120_000 }),
  group: ({ upTo }) => ({
    kind: 'runner',
    runner: 'density',
    count: Number(upTo),
    needsHost: true,
    settings: { step: stepSize(Number(upTo)), ...times, answers },
  }),
  parse: parseDensity,
  facts: densityFacts,
};
export default loaded;
