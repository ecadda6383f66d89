import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { findProgram } from '../../src/core/files/programs.ts';
import { seededRandom } from '../../src/core/model/prng.ts';
import type { ScheduledBlock } from '../../src/core/model/run/schedule.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { readRun } from '../../src/core/store/run-directory.ts';
import { newestRun } from '../../src/core/store/run-ids.ts';
import { labNeeds } from '../../src/features/lab/requirements/lab.ts';
import { ocibench, root, wholeLines } from '../e2e/support.ts';
import { canBootLab, tellLeftovers } from './lab-support.ts';
import { lastingGuest } from './power-loss.ts';

const flags = { runtimes: ['runc', 'crun'], workloads: ['startup/echo'] };
const blocks = 9;

/** Goes on with what was cut off, as a unit that starts with the machine would; then tells what is left. */
const script = `
echo starting >&2
if ls results/*/run.json >/dev/null 2>&1; then
  ocibench run --resume latest || ocibench report "$(ls results | grep ^2 | tail -n 1)"
else
  ocibench run --engine docker --runtimes ${flags.runtimes} --workloads ${flags.workloads} \
    --blocks ${blocks}..${blocks} --set seed=7 --max-time 60m
fi
code=$?
left() {
  docker ps --all --format "left $1: container {{.Names}} {{.Status}}"
  find /var/lib/ocibench/runs /var/lib/ocibench/trash /run/ocibench -mindepth 1 ! -name runs -printf "left $1: file %p\\n" 2>/dev/null
}
left 'by the start' >&2
ocibench clean >&2
left 'by clean' >&2
${tellLeftovers}
exit $code`;

/** What the harness says when a block has ended, and how many seconds it took; the warm-up is the first. */
const blockEnd = /(?:warm-up|block (\d+) of \d+): \d+ trials? in ([\d.]+) s/;

/** When the power goes, at random: after the guest has said such a line, within a part of the time that it took to boot, or of the block. */
type Cut = { readonly after: RegExp; readonly within: 'boot' | 'block' } | null;
const cuts: readonly Cut[] = [
  { after: /starting/, within: 'boot' },
  ...Array<Cut>(6).fill({ after: blockEnd, within: 'block' }),
  { after: /; stopped at/, within: 'boot' },
  null,
];

/** Numbers of the blocks of which was said that they had ended. */
function blocksTold(said: readonly string[]): readonly number[] {
  return said.flatMap((line) => {
    const match = blockEnd.exec(line);
    return match === null ? [] : [Number(match[1] ?? 0)];
  });
}

const idsOf = (schedule: readonly ScheduledBlock[]) =>
  schedule.flatMap((block) => block.trials.map(({ trialId }) => trialId));

// A quarter of an hour: for the night. What is on the disk is held by test/core/store/power-loss.slow.test.ts as well.
test.skipIf(!canBootLab)('everything that a guest of the lab is booted with is here', async () => {
  for (const { program } of labNeeds) expect(await findProgram(program), program).not.toBeNull();
});

test.skipIf(!canBootLab)(
  'a machine that loses its power in the middle of a run loses nothing that was recorded, and the run goes on to its end',
  async () => {
    const random = seededRandom('power');
    const built = await ocibench(['lab', 'build'], root);
    const guest = await lastingGuest(built.stdout.trim(), script, flags);
    const told: number[] = [];
    let [keptSchedule, keptTrials]: (readonly string[])[] = [[], []];
    try {
      for (const cut of cuts) {
        const [began, share] = [performance.now(), random()];
        let delayMs = 0;
        const said = await guest.boot(async (line) => {
          await line(/starting/);
          const bootMs = performance.now() - began;
          const text = await line(cut?.after ?? /$never/);
          const blockMs = Number(blockEnd.exec(text)?.[2]) * 1_000;
          delayMs = share * (cut?.within === 'block' ? blockMs : bootMs);
          await sleep(delayMs);
        });
        told.push(...blocksTold(said));
        const { exitCode, out } = await guest.look();
        expect(exitCode, said.join('\n')).toBe(cut === null ? 0 : null);

        // What was on the disk before is there, byte for byte, and so is every block that was told of.
        const run = (await newestRun(join(out, 'results'))) ?? '';
        const [scheduleLines, trialLines] = await Promise.all(
          ['schedule.jsonl', 'trials.jsonl'].map((file) => wholeLines(join(run, file))),
        );
        expect(scheduleLines?.slice(0, keptSchedule?.length)).toEqual(keptSchedule);
        expect(trialLines?.slice(0, keptTrials?.length)).toEqual(keptTrials);
        [keptSchedule, keptTrials] = [scheduleLines, trialLines];
        const schedule = (scheduleLines ?? []).map((line) => JSON.parse(line) as ScheduledBlock);
        const trials = (trialLines ?? []).map((line) => JSON.parse(line) as TrialRecord);
        const ended = trials.filter(({ outcome }) => outcome.status !== 'interrupted');
        const endedIds = ended.map(({ trialId }) => trialId);
        expect(endedIds).toEqual([...new Set(endedIds)]);
        expect(schedule.map(({ block }) => block)).toEqual(expect.arrayContaining(told));
        expect(endedIds).toEqual(
          expect.arrayContaining(idsOf(schedule.filter(({ block }) => told.includes(block)))),
        );

        const removed = said.filter((line) => line.startsWith('removed what an earlier run left'));
        const when = cut === null ? 'no cut' : `cut ${(delayMs / 1000).toFixed(1)} s after ${cut.after}`;
        process.stdout.write(
          `power loss: ${when}: ${trials.length} trials on the disk; the start had removed ${removed.length} leftovers${removed.map((line) => `\n  ${line}`).join('')}\n`,
        );
        if (cut !== null) continue;
        // The lock is in /run, which a machine that starts finds empty.
        expect(said.filter((line) => line.startsWith('left '))).toEqual([]);
        expect(await readFile(join(out, 'results/latest/report.html'), 'utf8')).toMatch(/<\/html>\s*$/);
        expect(await readRun(run)).toMatchObject({
          status: 'complete',
          stopReason: 'max-blocks',
          host: { cgroup: 'v2' },
        });
        expect(schedule.map(({ block }) => block)).toEqual(Array.from({ length: blocks + 1 }, (_, at) => at));
        expect(endedIds.toSorted()).toEqual(idsOf(schedule).toSorted());
      }
    } finally {
      await guest.remove();
    }
  },
  cuts.length * 6 * 60_000,
);
