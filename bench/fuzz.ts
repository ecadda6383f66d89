/**
 * `npm run fuzz`: gives damaged and hostile input to every reader of external data. Prints the cases and outcomes of
 * each target (Markdown). Ends with 1 where a case ended in anything but a result or an error that names file and key.
 * `npm run fuzz -- 300 42 daemon`: cases for a target of weight 1, seed, and a part of the targets' names.
 */
import { fuzzTargets } from '../test/fuzz/targets.ts';

const [cases = '150', seed = String(Date.now() % 1e9), part = ''] = process.argv.slice(2);
const [count, start] = [Number(cases), Number(seed)];
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(start)) {
  process.stderr.write('usage: fuzz [cases] [seed] [part of a name]\n');
  process.exit(2);
}
const print = (line: string) => process.stdout.write(`${line}\n`);
const total = { cases: 0, result: 0, refused: 0 };
const failures: string[] = [];

print(`Seed ${start}.\n`);
print('| input | cases | read | refused | most CPU |');
print('| --- | ---: | ---: | ---: | ---: |');
for (const target of (await fuzzTargets()).filter(({ name }) => name.includes(part))) {
  const { endings, slowestMs, failure } = await target.run(count, start);
  const { result, refused } = endings;
  total.cases += result + refused;
  total.result += result;
  total.refused += refused;
  const verdict = failure === null ? '' : ' **FAILED**';
  print(
    `| ${target.name}${verdict} | ${result + refused} | ${result} | ${refused} | ${slowestMs.toFixed(0)} ms |`,
  );
  if (failure !== null) failures.push(`${target.name}\n${failure}`);
}
print(`| **all** | ${total.cases} | ${total.result} | ${total.refused} | |`);
for (const failure of failures) print(`\n${failure}`);
process.exit(failures.length > 0 ? 1 : 0);
