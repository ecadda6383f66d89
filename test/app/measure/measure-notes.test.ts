import { expect, test } from 'vitest';
import { reportDoubts } from '../../../src/app/measure/measure-notes.ts';
import { engineCpuCheck } from '../../../src/core/host/doctor/engine-checks.ts';
import { external } from '../../../src/core/messages/compose.ts';
import type { Message } from '../../../src/core/messages/message.ts';
import atRest from '../../../workloads/cpu/at-rest.ts';
import echo from '../../../workloads/startup/echo.ts';
import { runRecord } from '../../support/records.ts';

test('that the CPU time of the engine is not known is said before a run that needs it', () => {
  const said = (why: string | null, workloads: readonly (typeof atRest)[]) => {
    const texts: string[] = [];
    const warn = ({ text }: Message) => texts.push(text);
    const checks = [engineCpuCheck(why === null ? null : external(why))];
    const context = { reporter: { warn } } as unknown as Parameters<typeof reportDoubts>[0];
    reportDoubts(
      context,
      runRecord({ checks: [...checks] }),
      workloads.map((workload) => ({ workload, params: {} })),
    );
    return texts;
  };
  const why = 'the engine runs in the same cgroup as this harness (/)';
  const [doubt = '', fix = ''] = said(why, [atRest, echo]);
  expect(doubt).toContain(why);
  expect(fix).toContain('in cgroups of their own');
  expect(said(why, [echo])).toEqual([]);
  expect(said(null, [atRest])).toEqual([]);
});
