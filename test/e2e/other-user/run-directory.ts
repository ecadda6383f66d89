import { expect, test } from 'vitest';
import { boxedRoot, inBox } from './box.ts';
import { goldenFiles, placeRun, runId } from './golden-files.ts';

/** What is done to a file of a run directory that somebody hands over, and the file. */
const notFiles = [
  ['a FIFO', 'trials.jsonl', 'rm "$f"; mkfifo "$f"'],
  ['a device without an end', 'run.json', 'rm "$f"; ln -s /dev/zero "$f"'],
  ['600 MiB of nothing', 'trials.jsonl', 'truncate -s 600M "$f"'],
] as const;

/** Run directories and files that were not made by ocibench. */
export function runDirectoryCases(): void {
  test('files that are none, or that no memory holds, are refused by name: no hang, no stack trace', async () => {
    const cases = notFiles
      .map(
        ([, file, make], i) => `
place /root/${i} ${runId}
f=/root/${i}/results/${runId}/${file}
${make}
(timeout -k 0 200 $cli report /root/${i}/results/${runId} >out.${i} 2>&1 && code=0 || code=$?
echo "exit $code" >>out.${i}) &`,
      )
      .join('');
    const { stdout } = await inBox(
      `${placeRun}cli="$OCIBENCH_TEST_NODE ${boxedRoot}/src/cli.ts"${cases}
wait
for i in ${notFiles.map((_, i) => i).join(' ')}; do tr '\\n' ' ' <out.$i; echo; done
`,
      goldenFiles(),
    );
    const said = stdout.split('\n');
    for (const [i, [what, file]] of notFiles.entries()) {
      expect(said[i], `${what} as ${file}`).toMatch(/ exit 2 $/);
      expect(said[i], `${what} as ${file}`).toContain(`/results/${runId}/${file}`);
      expect(said[i], `${what} as ${file}`).not.toContain('bug in ocibench');
    }
  });

  test('a FIFO as daemonJson or --config is refused, and not waited for', async () => {
    const { stdout } = await inBox(`
mkfifo fifo fifo.ts
for words in "list runtimes --set daemonJson=fifo" "list workloads --config fifo.ts"; do
  timeout -k 0 100 "$OCIBENCH_TEST_NODE" ${boxedRoot}/src/cli.ts $words >out 2>&1 && code=0 || code=$?
  echo "$(tr '\\n' ' ' <out) exit $code"
done
`);
    const said = stdout.split('\n').filter(Boolean);
    expect(said).toHaveLength(2);
    for (const line of said) {
      expect(line).toMatch(/cannot be read: it is not a regular file.* exit 2$/);
      expect(line).not.toContain('bug in ocibench');
    }
  });
}
