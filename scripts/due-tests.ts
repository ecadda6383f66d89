/**
 * Prints the files of test/e2e and test/browser that `npm test` runs, separated by commas: the journeys, and those whose sources
 * changed since their proof (test/support/proofs.ts). On stderr: each with why. `--check`: exits with 1 where a file that `npm test`
 * can prove has no valid proof.
 */
import { join, resolve } from 'node:path';
import { readAllowedSkips } from '../test/support/allowed-skips.ts';
import { journeyOf, provedFiles, provingFiles, whyAllDue } from '../test/support/proofs.ts';

const root = resolve(import.meta.dirname, '..');
/** Files that only `npm run test:nightly` runs. */
const nightly = new Set(
  readAllowedSkips(join(root, '.ci/skipped.json'))
    .filter(({ test, sometimes }) => test === undefined && sometimes !== true)
    .map(({ file }) => file),
);
const files: string[] = [];
let unproved = 0;
let proved = 0;
const proofs = provedFiles();
for (const [file, due] of whyAllDue(provingFiles())) {
  const journey = journeyOf(file);
  if (due !== null && !nightly.has(file)) unproved++;
  const why = journey === null ? due : `journey: ${journey}`;
  if (why === null) proved++;
  else if (nightly.has(file)) process.stderr.write(`not run  ${file}  (npm run test:nightly; ${why})\n`);
  else {
    files.push(file);
    const { seconds } = proofs[file] ?? {};
    process.stderr.write(`runs     ${file}  (${why}${seconds === undefined ? '' : `; last ${seconds} s`})\n`);
  }
}
process.stderr.write(`proved   ${proved} other files, for these sources (.ci/proofs.json)\n`);
if (process.argv.includes('--check')) process.exitCode = unproved === 0 ? 0 : 1;
else process.stdout.write(files.join(','));
