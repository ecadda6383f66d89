import { expect, test } from 'vitest';
import { monitorWords } from '../../../src/app/measure/monitor-words.ts';
import type { RunProgram } from '../../../src/core/host/programs.ts';
import type { RuntimeEntry } from '../../../src/core/model/runtime/runtime.ts';

const kata: RuntimeEntry = { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' };
const line = 'level=error msg="Could not access KVM kernel module" qemuPid=1';

test('only what shims of root wrote since the start is asked for, and not too much of it', async () => {
  const asked: string[] = [];
  const run: RunProgram = async (file, args) => {
    asked.push(file, ...args);
    return { exitCode: 0, stdout: `${line}\n`, stderr: '' };
  };
  expect(await monitorWords(kata, 91.2, run)).toBe('Could not access KVM kernel module');
  expect(asked).toEqual([
    'journalctl',
    '--quiet',
    '--no-pager',
    '--output=cat',
    '--lines=200',
    '--since=-92s',
    'SYSLOG_IDENTIFIER=kata',
    '_UID=0',
    '_COMM=containerd-shim',
  ]);
});

test('where there is no journal nothing was said', async () => {
  const none: RunProgram = async () => ({ exitCode: null, stdout: line, stderr: '' });
  expect(await monitorWords(kata, 1, none)).toBeNull();
  const never: RunProgram = async () => expect.fail('the journal holds nothing of runc');
  expect(await monitorWords({ name: 'runc', path: 'runc', origin: 'built-in' }, 1, never)).toBeNull();
});
