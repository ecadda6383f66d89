/**
 * `npm run prove:kernels -- DIRECTORY`: nights of one host under two kernels, in guests of the lab: Debian 12's kernel first, then Debian
 * 13's, with one history. Prints what `nightly show` and every night said. Half an hour under emulation, and nothing may run beside it.
 *
 * `before=N` and `after=N` are the nights under each kernel (4), `blocks=N` the blocks of one (8).
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const [given, ...asked] = process.argv.slice(2);
if (given === undefined) {
  process.stderr.write('usage: prove:kernels DIRECTORY [before=N] [after=N] [blocks=N]\n');
  process.exit(2);
}
const directory = resolve(given);
const option = (name: string, usual: number) =>
  Number(asked.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? usual);
const [before, after, blocks] = [option('before', 4), option('after', 4), option('blocks', 8)];
const cli = resolve(import.meta.dirname, '../src/cli.ts');
const stored = join(directory, 'history.tar.gz.base64');
const mark = 'ocibench-history ';
/** Blocks of the evening: as few as teach a level, since a block takes a quarter of a minute under emulation. */
const fewest = 28;
/** The guests are one host: their history knows it by this id. */
const machineId = '0c1be0c4000000000000000000000001';

/** What a guest does: it takes the history, measures nights so many days ahead, and prints the history. */
function script(history: string, nights: number, firstDay: number): string {
  const night = (day: number) =>
    [
      `date -s '@${String(Date.UTC(2027, 0, 1 + day, 2) / 1000)}' >/dev/null`,
      `ocibench nightly --engine embedded --out /lab/out --runtimes runc --workloads startup/echo --preset quick --set blocks=${blocks}..${blocks} --set nightly.loadLimit=100% --set wait=true || echo "exit $?"`,
    ].join('\n');
  const days = Array.from({ length: nights }, (_, i) => firstDay + i);
  const evening = `ocibench nightly learn --engine embedded --out /lab/out --runtimes runc --workloads startup/echo --preset quick --for 30m --set blocks=${fewest}..${fewest} --set nightly.loadLimit=100% --set wait=true`;
  return [
    'set -e',
    'cd /lab/out',
    `echo ${machineId} >/etc/machine-id`,
    ...(history === '' ? [] : [`echo ${history} | base64 -d | tar xz`]),
    'ocibench nightly pin runc --set wait=true',
    ...(history === '' ? ["date -s '2026-12-31 18:00' >/dev/null", evening] : []),
    ...days.map(night),
    'uname -r',
    'ocibench nightly show --in /lab/out || true',
    'ocibench nightly list --in /lab/out || true',
    `echo "${mark}$(tar cz history/*.ndjson | base64 -w 0)"`,
  ].join('\n');
}

await mkdir(directory, { recursive: true });
let day = 0;
for (const [kernel, nights] of [
  ['6.1', before],
  ['6.12', after],
] as const) {
  const history = await readFile(stored, 'utf8').catch(() => '');
  const { stdout, exitCode } = await execa(
    process.execPath,
    [
      cli,
      'lab',
      'exec',
      '--kernel',
      kernel,
      '--out',
      directory,
      '--',
      'sh',
      '-c',
      script(history, nights, day),
    ],
    { cwd: directory, reject: false, stdin: 'ignore', stderr: 'inherit', maxBuffer: 64 * 1024 * 1024 },
  );
  const lines = stdout.split('\n');
  process.stdout.write(`${lines.filter((line) => !line.startsWith(mark)).join('\n')}\n`);
  const found = lines.find((line) => line.startsWith(mark));
  if (found === undefined)
    throw new Error(`the guest with kernel ${kernel} ended with ${exitCode}, and no history`);
  await writeFile(stored, found.slice(mark.length));
  day += nights;
}
