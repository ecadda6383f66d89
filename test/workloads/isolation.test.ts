import { expect, test } from 'vitest';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import facts from '../../workloads/isolation/facts.ts';
import { capabilityNames } from '../../workloads/lib/isolation.ts';
import {
  captured,
  factTexts,
  output,
  reasonText,
  runtimes,
  survivesHostileOutput,
  valuesOf,
} from './support.ts';

const seen = (runtime: string) => captured('isolation', `${runtime}.txt`);
const valuesUnder = (runtime: string) => valuesOf(facts.parse(output(seen(runtime)), {}));
const factsUnder = (runtime: string) =>
  Object.fromEntries(factTexts(facts.facts?.(output(seen(runtime)), {})).map(({ id, value }) => [id, value]));

test.each(runtimes)('%s: every metric has a value, and the headline is above 0', (runtime) => {
  const values = valuesUnder(runtime);
  expect(Object.keys(values)).toEqual(facts.metrics.map(({ id }) => id));
  for (const value of Object.values(values)) expect(value).toBeGreaterThanOrEqual(0);
  expect(values['isolation.syscalls_answered']).toBeGreaterThan(200);
});

test('calls are counted by their errno', () => {
  expect(valuesUnder('runc')).toMatchObject({
    'isolation.syscalls_answered': 288,
    'isolation.syscalls_refused': 67,
    'isolation.syscalls_absent': 20,
    'isolation.syscalls_ended': 1,
  });
  expect(factsUnder('runc')['syscalls.answered']).toBe('288, refused 67, absent 20');
});

test('what the runtimes differ in can be read from the facts', () => {
  const [runc, runsc, ptrace] = [factsUnder('runc'), factsUnder('runsc'), factsUnder('runsc-ptrace')];
  expect(runc).toMatchObject({
    'kernel.release': '6.18.44',
    'seccomp.mode': 'filter',
    no_new_privileges: 'yes',
    'cgroup.visible': 'the engine’s path, on the host or in a guest',
    'kernel.log': 'refused',
  });
  expect(runc.capabilities).toMatch(/^14: CHOWN .*NET_RAW.* \(00000000a80425fb\)$/);
  expect(runsc).toMatchObject({
    'kernel.release': '4.4.0',
    'seccomp.mode': 'off',
    no_new_privileges: 'not told',
    'cgroup.visible': 'one level, named by the container',
    'kernel.log': 'readable, written by gVisor',
    'memory.total': '524288 KiB',
    'syscalls.ended': '335',
  });
  expect(runsc.capabilities).not.toContain('NET_RAW');
  expect(ptrace['syscalls.ended']).toBe('none');
});

test('a hostname of one trial is no fact of the runtime, any other name is', () => {
  const named = seen('runc').replace(/^hostname\t.*$/m, 'hostname\thost-of-somebody');
  expect(factsUnder('runc').hostname).toBe('the container’s id');
  expect(factTexts(facts.facts?.(output(named), {}))).toContainEqual({
    id: 'hostname',
    value: 'host-of-somebody',
  });
});

test.each([
  ['cut before its end', (text: string) => text.replace(/end\n$/, '')],
  ['a line that is none', (text: string) => `bash: warning\n${text}`],
  ['a fact told twice', (text: string) => text.replace('machine\t', 'machine\tx\nmachine\t')],
  ['a fact that is missing', (text: string) => text.replace(/^mounts\t.*\n/m, '')],
  ['no memory', (text: string) => text.replace(/^memory_kib\t\d+/m, 'memory_kib\t0')],
  ['calls out of order', (text: string) => text.replace(/^calls\t0:9 /m, 'calls\t9:9 ')],
  ['a call beyond the table', (text: string) => text.replace(/^calls\t0:9 /m, 'calls\t0:9 999:0 ')],
  ['hardly a call', (text: string) => text.replace(/^calls\t.*$/m, 'calls\t0:9 1:9')],
  ['no call that answers', (text: string) => text.replace(/(?<=[ \t]\d+):\d+/g, ':38')],
  ['a mask that is none', (text: string) => text.replace(/^capabilities\t.*$/m, 'capabilities\tall')],
])('%s is refused', (_, spoil) => {
  const spoilt = spoil(seen('runc'));
  expect(spoilt).not.toBe(seen('runc'));
  expect(() => facts.parse(output(spoilt), {})).toThrow(ParseError);
});

test('capabilities have their names, and one that is newer than the table its bit', () => {
  expect(capabilityNames('0000000000000000')).toEqual([]);
  expect(capabilityNames('0000000000200001')).toEqual(['CHOWN', 'SYS_ADMIN']);
  expect(capabilityNames('8000010000000000')).toEqual(['CHECKPOINT_RESTORE', 'bit 63']);
});

test('a processor whose calls are not known is unsupported, not failed', () => {
  const stderr = 'the system calls of riscv64 are not known\n';
  expect(reasonText(facts.refused?.(output('', { stderr, exitCode: 1 }), {}))).toContain('riscv64');
  expect(facts.refused?.(output(seen('runc')), {})).toBeNull();
});

test('hostile output gives a ParseError', () => {
  survivesHostileOutput(facts, seen('runsc'), {});
});
