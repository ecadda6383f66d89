import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseSeccomp, strictFile } from '../../../src/app/container-profiles/seccomp-profile.ts';

const reasonsOf = (source: string) => {
  const parsed = parseSeccomp(source, 'x.json');
  return parsed.ok ? [] : parsed.reasons.map(({ message, fix }) => `${message.text} (${fix.text})`);
};

test('the filter that comes along is one, and refuses what it does not name', () => {
  const parsed = parseSeccomp(readFileSync(strictFile, 'utf8'), 'strict');
  expect(parsed).toMatchObject({
    ok: true,
    choice: { file: 'strict', rules: { defaultAction: 'SCMP_ACT_ERRNO' } },
  });
  const calls = (JSON.parse(readFileSync(strictFile, 'utf8')) as { syscalls: { names: string[] }[] })
    .syscalls;
  const names = calls.flatMap((rule) => rule.names);
  expect(new Set(names).size).toBe(names.length);
  expect(names).not.toContain('socket');
  expect(names).not.toContain('ptrace');
});

test('a filter is refused with all of its unknown calls and actions', () => {
  expect(
    reasonsOf(
      JSON.stringify({
        defaultAction: 'SCMP_ACT_EROR',
        syscalls: [
          { names: ['read', 'opennat', '_llseek'], action: 'SCMP_ACT_ALLOW' },
          { name: 'frobnicate', action: 'ALLOW' },
        ],
      }),
    ).map((reason) => reason.replace(/use one of .*/, '…)')),
  ).toEqual([
    "must not name the action 'SCMP_ACT_EROR', which does not exist (…)",
    "must not name the action 'ALLOW', which does not exist (…)",
    "must not name the system call 'opennat', which Linux does not have (did you mean 'openat'?)",
    "must not name the system call 'frobnicate', which Linux does not have (remove it)",
  ]);
});

test.each([
  ['{', /^is not JSON: /],
  ['[]', /^is not a seccomp profile in Docker’s format: /],
  ['{"syscalls": []}', /defaultAction/],
  [
    '{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": "read", "action": "SCMP_ACT_LOG"}]}',
    /syscalls\.0\.names/,
  ],
])('%s is no filter', (source, reason) => {
  expect(reasonsOf(source)).toEqual([expect.stringMatching(reason)]);
});
