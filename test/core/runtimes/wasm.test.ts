import { describe, expect, test } from 'vitest';
import { workDefinition } from '../../../src/core/config/work-definition.ts';
import { familyChecks } from '../../../src/core/host/doctor/family-checks.ts';
import { explainPreflight } from '../../../src/core/host/preflight/explain.ts';
import type { RuntimeEntry, RuntimeFacts } from '../../../src/core/model/runtime/runtime.ts';
import { families, familyOf, runsModulesOnly } from '../../../src/core/runtimes/registry.ts';
import { lineWorkload, runRecord, runtimeFacts } from '../../support/records.ts';

const { host, engine } = runRecord();
const wasm: RuntimeEntry = { name: 'wasm', path: '/usr/bin/crun-wasm', origin: 'daemon.json' };

/** What crun 1.21 with WasmEdge 0.14.1 says. */
const said = {
  library:
    'could not load `libwasmedge.so.0`: `libwasmedge.so.0: cannot open shared object file: No such file or directory`',
  native: [
    '[2026-11-30 22:47:04.351] [error] loading failed: invalid path, Code: 0x100',
    '[2026-11-30 22:47:04.351] [error]     load library failed:/native: cannot dynamically load executable',
    '[2026-11-30 22:47:04.351] [error]     File name: "/native"',
    '[libcrun:wasmedge]: could not get wasmedge result from VM',
  ].join('\n'),
  script: [
    '[2026-11-30 22:47:05.936] [error] Might an invalid wasm file',
    '[2026-11-30 22:47:05.936] [error] loading failed: magic header not detected, Code: 0x103',
    '[2026-11-30 22:47:05.936] [error]     Bytecode offset: 0x00000000',
    '[2026-11-30 22:47:05.936] [error]     At AST node: component',
    '[2026-11-30 22:47:05.936] [error]     File name: "/script"',
  ].join('\n'),
} as const;

describe('the words of crun-wasm', () => {
  test.each([
    ['library', 'wasm-library-missing', /libwasmedge\.so\.0/, /apt-get install libwasmedge0/],
    ['native', 'wasm-native-program', /\/native is no WebAssembly module/, /another runtime/],
    ['script', 'wasm-native-program', /\/script is no WebAssembly module/, /clang/],
  ] as const)('%s', (which, code, reason, fix) => {
    const found = explainPreflight(said[which], { entry: wasm, host, engine });
    expect(found.code).toBe(code);
    expect(found.reason).toMatch(reason);
    expect(found.fix).toMatch(fix);
  });

  test.each([
    ['crun', 'exec container process `/hello.wasm`: Exec format error'],
    ['runc', 'exec /hello.wasm: exec format error'],
  ])('a module under %s needs another runtime', (name, words) => {
    const entry = { name, path: name, origin: 'built-in' } as const;
    expect(explainPreflight(words, { entry, host, engine })).toMatchObject({
      code: 'wasm-module',
      reason: expect.stringContaining('/hello.wasm is a WebAssembly module'),
      fix: expect.stringContaining('runtimes add wasm --path /usr/bin/crun-wasm'),
    });
    const native = words.replace('/hello.wasm', '/hello');
    expect(explainPreflight(native, { entry, host, engine }).code).not.toBe('wasm-module');
  });
});

test('doctor says where the library is missing', () => {
  const check = (are: 'present' | 'missing') => {
    const sidecars = { are, names: [], sha256: null };
    const runtime: RuntimeFacts = { ...runtimeFacts('w'), family: 'wasm', sidecars };
    return familyChecks(['wasm'], [runtime], engine, host, null).map(({ status, fix }) => [status, fix]);
  };
  expect(check('missing')).toEqual([['fail', expect.stringContaining('libwasmedge0')]]);
  expect(check('present')).toEqual([['ok', undefined]]);
});

test('only this family runs modules only', () => {
  expect(families.filter(runsModulesOnly).map(({ id }) => id)).toEqual(['wasm']);
  expect(familyOf('wasm').released?.('crun version 1.21')).toBe('2025-03-28');
});

test('the command of a module is part of what was asked for', () => {
  const of = (moduleCommand?: () => readonly string[]) =>
    workDefinition({ ...lineWorkload('io/a'), ...(moduleCommand && { moduleCommand }) }, {});
  expect(of()).toBe(of(undefined));
  expect(of(() => ['/a.wasm'])).not.toBe(of());
  expect(of(() => ['/a.wasm'])).not.toBe(of(() => ['/b.wasm']));
});
