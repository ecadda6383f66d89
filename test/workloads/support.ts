import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Message } from '../../src/core/messages/message.ts';
import { asMessage } from '../../src/core/model/failure/said.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import type { Evidence } from '../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Fact, ParsedValue } from '../../src/core/model/workload/metric.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { evidence } from '../support/records.ts';

/** The runtimes under which tool output was captured. */
export const runtimes = ['runc', 'crun', 'runsc', 'runsc-ptrace'] as const;

/** What a tool really printed under a runtime. */
export function captured(tool: string, file: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures/tools', tool, file), 'utf8');
}

export { evidence as output } from '../support/records.ts';

/** A stamped window of so many ns, as the evidence of a trial has it. */
export function windowOf(hostNs: number): Pick<Evidence, 'window'> {
  return {
    window: {
      source: 'stamps',
      hostNs,
      containerNs: hostNs,
      uncertaintyNs: 0,
      cpuNs: hostNs,
      engineCpuNs: 0,
    },
  };
}

/** Values of a parser by metric id. */
export function valuesOf(values: readonly ParsedValue[]): Record<string, number> {
  return Object.fromEntries(values.map(({ metric, value }) => [metric, value]));
}

/** Cut, garbled and flooded variants of good output: a parser gives finite values or a ParseError, nothing else. */
export function survivesHostileOutput(
  workload: Workload,
  good: string,
  params: Params,
  more: Partial<Evidence> = {},
): void {
  const cut = fc.nat({ max: good.length }).map((at) => good.slice(0, at));
  const garbled = fc
    .tuple(fc.nat({ max: good.length }), fc.string({ unit: 'binary', maxLength: 20 }))
    .map(([at, text]) => good.slice(0, at) + text + good.slice(at + text.length));
  const numbers = fc
    .constantFrom('NaN', '-1', '0', '1e400', '-Infinity', '99999999999999999999', 'null', '"x"')
    .map((number) => good.replace(/\d+\.\d+/g, number));
  const noise = fc.string({ unit: 'binary', maxLength: 200 });
  const flood = fc.constant('\u001b[31m{"jobs":'.repeat(50_000));
  fc.assert(
    fc.property(fc.oneof(cut, garbled, numbers, noise, flood), (stdout) => {
      try {
        for (const { value } of workload.parse(evidence(stdout, more), params))
          expect(Number.isFinite(value)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ParseError);
        expect((error as Error).message.length).toBeLessThan(600);
      }
    }),
    { numRuns: 300 },
  );
}

/** The text of a reason; null where there is none. */
export function reasonText(reason: Message | string | null | undefined): string | null {
  return reason === null || reason === undefined ? null : asMessage(reason).text;
}

/** Facts with their values as text. */
export function factTexts(facts: readonly Fact[] | undefined): readonly { id: string; value: string }[] {
  return (facts ?? []).map(({ id, value }) => ({ id, value: asMessage(value).text }));
}
