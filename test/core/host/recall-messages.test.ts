import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foreignSandboxes } from '../../../src/core/analyze/compare-runs.ts';
import { recallMessages } from '../../../src/core/host/recall-messages.ts';
import { localized } from '../../../src/core/messages/record.ts';
import { type RunRecord, runRecordSchema } from '../../../src/core/model/run.ts';
import type { Preflight } from '../../../src/core/model/runtime.ts';
import { runRecord, runtimeFacts } from '../../support/records.ts';
import { fixture } from '../collect/fixture-files.ts';

const contracts = join(import.meta.dirname, '../../contracts');
const stored = runRecordSchema.parse(
  JSON.parse(readFileSync(join(contracts, 'stored-run/20261125-205804-e1d4/run.json'), 'utf8')),
);

const withoutMessages = (run: RunRecord) =>
  JSON.parse(JSON.stringify(run, (key, value) => (key === 'messages' ? undefined : value)));

describe('a run from before there were messages', () => {
  const recalled = recallMessages(stored);

  test('keeps every text', () => {
    expect(stored.checks.some(({ messages }) => messages !== undefined)).toBe(false);
    expect(withoutMessages(recalled)).toEqual(withoutMessages(stored));
  });

  test.each(recalled.checks.map((check) => [check.id, check] as const))(
    '%s says what all of its texts were made from',
    (_, check) => {
      const fields = ['title', 'detail', ...(check.fix === undefined ? [] : ['fix'])];
      expect(Object.keys(check.messages ?? {}).toSorted()).toEqual(fields.toSorted());
    },
  );

  test('is translated to French as before', () => {
    // Reports begin a sentence with a capital, and Markdown escapes what it would take for its own.
    const plain = (text: string) =>
      text
        .replaceAll(/[\u00a0\u202f]/g, ' ')
        .replaceAll('\\', '')
        .toLowerCase();
    const report = plain(readFileSync(join(contracts, 'expected/report.fr.md'), 'utf8'));
    const doubts = recalled.checks.filter(({ status }) => status === 'warn' || status === 'fail');
    expect(doubts).toHaveLength(4);
    for (const check of doubts)
      for (const field of ['title', 'detail', 'fix'] as const) {
        const { text, lang } = localized(check, field, 'fr');
        expect(lang).toBe('fr');
        expect(report).toContain(plain(text));
      }
  });

  test('knows again how many sandboxes of others there were', () => {
    const check = {
      id: 'foreign-sandboxes',
      status: 'warn',
      title: 'sandboxes of others',
      detail:
        '12 shims or sandboxes of containers that are not ours run: they share the pages of the same binaries, so that memory by PSS (memory.footprint, pss.*) comes out too small, of a shim by half. Resident memory, the headline, does not depend on them. Matters some',
      fix: 'stop those containers while measuring (docker ps, ctr -n k8s.io containers ls)',
    } as const;
    const old = { ...stored, checks: [check] };
    expect(foreignSandboxes(old)).toBeNull();
    expect(foreignSandboxes(recallMessages(old))).toBe(12);
  });

  test('is left as it is where its texts cannot be made again', () => {
    const strange = {
      id: 'swap',
      status: 'warn',
      title: 'swap',
      detail: '7 MiB of doubt',
      fix: 'none',
    } as const;
    const [check] = recallMessages({ ...stored, checks: [strange] }).checks;
    expect(check).toEqual({ ...strange, messages: { title: { id: 'doctor.swap.title' } } });
    const unknown = { ...strange, id: 'of-tomorrow' };
    expect(recallMessages({ ...stored, checks: [unknown] }).checks).toEqual([unknown]);
  });

  test('and so is one that has messages', () => {
    expect(recallMessages(recalled)).toEqual(recalled);
    const check = { ...recalled.checks[0], messages: {} } as RunRecord['checks'][number];
    expect(recallMessages({ ...stored, checks: [check] }).checks).toEqual([check]);
  });
});

describe('a runtime that could not run', () => {
  const unavailable = (preflight: Preflight) => {
    const facts = { ...runtimeFacts('kata', preflight), family: 'kata' };
    const [found] = recallMessages(runRecord({ runtimes: [facts] })).runtimes;
    return found?.preflight;
  };
  const old: Preflight = {
    status: 'unavailable',
    code: 'kvm-permission',
    reason: '/dev/kvm may not be opened',
    fix: 'run dockerd as root, and check:  ls -l /dev/kvm',
    error: fixture('kata', 'errors-3.25.0', 'kvm.txt'),
  };

  test('is explained again by the engine’s words', () => {
    expect(unavailable(old)).toEqual({
      ...old,
      messages: {
        reason: { id: 'preflight.kvmPermission', values: { fix: { id: 'kata.kvmPermission' } } },
        fix: { id: 'preflight.kvmPermission.fix', values: { fix: { id: 'kata.kvmPermission' } } },
      },
    });
  });

  test('is not, where the record says something else', () => {
    const edited = { ...old, reason: 'somebody edited this', fix: 'and this' };
    expect(unavailable(edited)).toEqual(edited);
  });
});
