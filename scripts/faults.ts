/** `npm run faults -- [COUNT] [SEED]`: kills runs at random times and prints the outcomes. Needs root. */
import { injectFaults } from '../test/e2e/fault-injection.ts';
import { faultTable } from '../test/e2e/fault-table.ts';

const count = Number(process.argv[2] ?? 110);
const seed = process.argv[3] ?? 'faults';
const results = await injectFaults({
  count,
  seed,
  onResult: ({ fault, atSeconds, trialsBefore, outcome, exit, leftAtOnce, violations }, done) => {
    const left = leftAtOnce.length === 0 ? '' : `; left until the next start: ${leftAtOnce.join(', ')}`;
    process.stderr.write(
      `${done}/${count} ${fault} after ${atSeconds.toFixed(1)} s, ${trialsBefore} trials: ${outcome} (${exit})${left}\n`,
    );
    for (const violation of violations) process.stderr.write(`  VIOLATION ${violation}\n`);
  },
});
process.stdout.write(`${faultTable(results)}\n`);
for (const violation of results.flatMap(({ violations }) => violations))
  process.stderr.write(`VIOLATION ${violation}\n`);
if (results.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
