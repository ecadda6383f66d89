/**
 * `npm run faults -- [COUNT] [SEED] [COMMANDS]`: kills runs and other commands at random times and prints the outcomes. COMMANDS:
 * only these, such as `run,nightly`; a run is resumed after each kill. Needs root.
 */
import { commandFaults, commandOf } from '../test/e2e/fault-commands.ts';
import { faults, injectFaults } from '../test/e2e/fault-injection.ts';
import { faultTable } from '../test/e2e/fault-table.ts';

const count = Number(process.argv[2] ?? 110);
const seed = process.argv[3] ?? 'faults';
const wanted = process.argv[4]?.split(',');
const nameOf = (fault: string) => {
  const command = commandFaults.find((each) => each === fault);
  return command === undefined ? 'run' : commandOf(command);
};
const results = await injectFaults({
  count,
  seed,
  kinds: faults.filter((fault) => wanted === undefined || wanted.includes(nameOf(fault))),
  onResult: ({ fault, command, atSeconds, trialsBefore, outcome, exit, leftAtOnce, violations }, done) => {
    const left = leftAtOnce.length === 0 ? '' : `; left until the next start: ${leftAtOnce.join(', ')}`;
    process.stderr.write(
      `${done}/${count} ${command}: ${fault} after ${atSeconds.toFixed(1)} s, ${trialsBefore} trials: ${outcome} (${exit})${left}\n`,
    );
    for (const violation of violations) process.stderr.write(`  VIOLATION ${violation}\n`);
  },
});
process.stdout.write(`${faultTable(results)}\n`);
for (const violation of results.flatMap(({ violations }) => violations))
  process.stderr.write(`VIOLATION ${violation}\n`);
if (results.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
