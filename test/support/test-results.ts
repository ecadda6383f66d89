/** What became of one test. */
interface TestResult {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
}

/** What became of a file of tests. */
export interface FileResult {
  /** Path from the root of the repository. */
  readonly file: string;
  /** False also where a hook failed, or the file could not be loaded. */
  readonly ok: boolean;
  /** Wall time, s. */
  readonly seconds: number;
  readonly tests: readonly TestResult[];
}

/** From this number of files that pass on the second try, a run fails: so many are no accident. */
const tooManySecondTries = 3;
/** No more files than these are tried again: where more fail, the program is broken. */
const mostSecondTries = 5;
const slowestFiles = 10;

/** The files that are run once more, each alone; none where too many failed. */
export function chooseSecondTries(results: readonly FileResult[]): readonly string[] {
  const failed = results.filter(({ ok }) => !ok).map(({ file }) => file);
  return failed.length > mostSecondTries ? [] : failed;
}

/** What a run of the tests says at its end. */
export interface Conclusion {
  readonly passed: boolean;
  /** What is printed: counts, what passed on the second try, the slowest files. */
  readonly lines: readonly string[];
}

/**
 * Concludes from the results of the first run and of the second tries. `problems`: lines about skipped tests that fail the run;
 * `vitestFailed`: Vitest ended with an error although no file failed, as after an unhandled rejection.
 */
export function concludeRun({
  first,
  second,
  problems,
  vitestFailed,
}: {
  readonly first: readonly FileResult[];
  readonly second: readonly FileResult[];
  readonly problems: readonly string[];
  readonly vitestFailed: boolean;
}): Conclusion {
  const last = new Map([...first, ...second].map((result) => [result.file, result]));
  const results = [...last.values()];
  const failedFiles = results.filter(({ ok }) => !ok);
  const saved = second.filter(({ ok }) => ok).map(({ file }) => file);
  const isUnstable = saved.length >= tooManySecondTries;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { state } of results.flatMap(({ tests }) => tests)) counts[state]++;
  // A file that could not be loaded has no tests, and one whose hook failed may have no failed test.
  counts.failed += failedFiles.filter(({ tests }) => tests.every(({ state }) => state !== 'failed')).length;
  const unhandled = vitestFailed && first.every(({ ok }) => ok);
  const slowest = results.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowestFiles);
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  return {
    passed:
      first.length > 0 && failedFiles.length === 0 && problems.length === 0 && !isUnstable && !unhandled,
    lines: [
      ...problems,
      ...failedFiles.map(({ file }) => `failed: ${file}`),
      ...(unhandled ? ['Vitest ended with an error that belongs to no test: see above'] : []),
      ...saved.map((file) => `passed on the second try: ${file}`),
      ...(isUnstable ? [`${saved.length} files passed on the second try only: the run fails`] : []),
      `${counts.passed} passed, ${counts.failed} failed${skipped}`,
      '',
      'slowest files',
      ...slowest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`),
    ],
  };
}
