import { expect, test } from 'vitest';
import { knownRun } from '../../features/capacity/overhead/known-run.ts';
import { headlineLine, nightLine } from '../../support/history-lines.ts';
import { type BoxResult, boxedRoot, inBox } from './box.ts';
import { goldenFiles, placeRun, runId } from './golden-files.ts';

const { run: planned, trials: plannedTrials } = knownRun();

const history = [headlineLine('2026-10-31'), nightLine('2026-10-31')]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

const services = `
services:
  - name: web
    replicas: 2
    cpu: { usage: 490m, request: 500m, ratio: { runsc: 2 } }
    memory: { usage: 512Mi, request: 256Mi }
    slo: { utilisation: 50% }
hosts:
  - { name: small, cpus: 4, memory: 8Gi, reserved: { memory: 1Gi } }
runtimes: [runc, runsc]
`;

/** Appends a night to the history \`$1\`, as every night, \`nightly accept\` and \`nightly notify\` do. */
const append = `
import { readFileSync } from 'node:fs';
import { appendLines } from '${boxedRoot}/src/features/nightly/app/history/history-file.ts';
import { diskStore } from '${boxedRoot}/src/app/store.ts';
const lines = readFileSync('/mnt/box/history.ndjson', 'utf8').trim().split('\\n').map((line) => JSON.parse(line));
const clock = { now: () => 0, sleep: async () => undefined };
await appendLines({ clock, store: diskStore }, process.argv[2], lines).catch((error) => {
  console.error(error.message);
  process.exit(2);
});
`;

/** Every command that writes where its user points, at the directory \`$T\`. */
const commands: Readonly<Record<string, string>> = {
  run: 'ocibench run --out $T',
  report: `ocibench report /root/results/${runId} --out $T`,
  anonymous: `ocibench report /root/results/${runId} --anonymous --out $T`,
  merge: 'ocibench fleet merge /root/results --out $T',
  publish: `ocibench fleet publish /root/results/${runId} --to $T`,
  nights: 'ocibench nightly page --history /root/history --to $T',
  export: 'ocibench nightly export --history /root/history --format ndjson --to $T',
  append: 'node /mnt/box/append.ts $T',
  plan: `ocibench capacity plan services.yaml --from /root/planned/results/${planned.runId} --draws 50 --seed 1 --html $T/plan.html`,
};

const files = {
  ...goldenFiles({ subjects: [] }),
  'planned.json': JSON.stringify(planned),
  'planned.jsonl': plannedTrials.map((trial) => `${JSON.stringify(trial)}\n`).join(''),
  'history.ndjson': history,
  'services.yaml': services,
  'append.ts': append,
};

const prepare = `${placeRun}
place /root ${runId}
mkdir -p /root/history /root/planned/results/${planned.runId}
cp history.ndjson /root/history/2026-10.ndjson
cp planned.json /root/planned/results/${planned.runId}/run.json
cp planned.jsonl /root/planned/results/${planned.runId}/trials.jsonl
: >/root/planned/results/${planned.runId}/schedule.jsonl
for name in att att3; do as_other mkdir /var/tmp/$name; done
as_other ln -s /run /var/tmp/att/a
as_other ln -s /run /var/tmp/a
ln -s /var/tmp/att /root/theirs
mkdir -p /run/victim/charts /run/victim/data
for name in index.html report.html fleet.csv ocibench.prom 2026-10.ndjson plan.html; do
  echo mine >/run/victim/$name
done
`;

/** Runs these commands at \`T\` all at once: \`NAME EXIT-CODE\`, and what it said, a line each. */
function runAll(names: readonly string[], target: string): string {
  const each = names.map(
    (name) => `(${commands[name]} >out.${name} 2>&1 </dev/null && code=0 || code=$?
echo "${name} $code $(tr '\\n' ' ' <out.${name})" >said.${name}) &`,
  );
  return `T=${target}\n${each.join('\n')}\nwait\ncat said.*\n`;
}

const attacks = [
  ['a link of theirs in a parent', '/var/tmp/att/a/victim'],
  ['a link of theirs in a directory for all', '/var/tmp/a/victim'],
  ['a directory of theirs, where a part is missing', '/var/tmp/att3/a/victim'],
  ['a link of root’s own into a directory of theirs', '/root/theirs/a/victim'],
] as const;

const state = 'find /run/victim /var/tmp -type f -exec sha256sum {} +; find /run/victim /var/tmp | sort';

function saidOf({ stdout }: BoxResult): ReadonlyMap<string, string> {
  const lines = stdout.split('\n').filter((line) => (line.split(' ')[0] as string) in commands);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}

/** A box has a time limit, and a loaded machine. */
function inThrees(names: readonly string[]): readonly (readonly string[])[] {
  return names.length === 0 ? [] : [names.slice(0, 3), ...inThrees(names.slice(3))];
}

/** Where root writes, and another user has a hand in the path. */
export function pathCases(): void {
  const names = Object.keys(commands);
  const few = ['report', 'export', 'append'];
  const cases = attacks.flatMap(([what, target], at) =>
    (at === 0 ? inThrees(names) : [few]).map((some) => [what, target, some] as const),
  );

  for (const [what, target, some] of cases)
    test(`root writes nothing through ${what}: ${some.join(', ')}`, async () => {
      const result = await inBox(
        `${prepare}
(${state}) >before
${runAll(some, target)}
(${state}) >after
diff before after && echo untouched
`,
        files,
      );
      const said = saidOf(result);
      expect(result.stdout, result.stderr).toMatch(/^untouched$/m);
      for (const name of some) {
        expect(said.get(name), name).toMatch(/^2 /);
        expect(said.get(name), name).toContain(
          'as root, nothing is written where another user can change it',
        );
      }
    });

  test('root writes on where nobody else has a hand: below /tmp, through links of its own, whatever the umask', async () => {
    const written = ['report', 'append'];
    const result = await inBox(
      `${prepare}
mkdir /root/disk
ln -s /root/disk /root/link
umask 0
${runAll(written, '/tmp/new')}
find /tmp/new -perm -002 ! -type l -printf 'open %p\\n'
umask 022
rm said.*
${runAll(['report'], '/root/link/out')}
[ -e /root/disk/out/results/${runId}/report.html ] && echo through
cd /root
rm /mnt/box/said.*
(ocibench report results/${runId} --out disk/../link/./relative/ >out 2>&1 && echo relative || cat out)
`,
      files,
    );
    const lines = result.stdout.split('\n').filter((line) => (line.split(' ')[0] as string) in commands);
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' ')).toSorted(), result.stdout).toEqual(
      [...written, 'report'].map((name) => `${name} 0`).toSorted(),
    );
    expect(result.stdout).not.toMatch(/^open /m);
    expect(result.stdout, result.stderr).toMatch(/^through$/m);
    expect(result.stdout, result.stderr).toMatch(/^relative$/m);
  });

  test('who became root by sudo writes in a directory of their own; as another user’s root the same is refused', async () => {
    const written = ['report', 'export', 'append'];
    const result = await inBox(
      `${prepare}
as_other mkdir /var/tmp/att/home
as_other ln -s /var/tmp/att/home /var/tmp/att/link
export SUDO_UID=65534
${runAll(written, '/var/tmp/att/link/out')}
rm said.*
export SUDO_UID=1000
${runAll(['report', 'export'], '/var/tmp/att/link/out2')}
`,
      files,
    );
    const lines = result.stdout.split('\n').filter((line) => (line.split(' ')[0] as string) in commands);
    expect(
      lines.map((line) => line.split(' ').slice(0, 2).join(' ')),
      result.stdout,
    ).toEqual([...written.toSorted().map((name) => `${name} 0`), 'export 2', 'report 2']);
  });
}
