import { expect, test } from 'vitest';
import { parseOpenFiles, refuseFewOpenFiles } from '../../src/cli/open-files.ts';

const limits = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max open files            ${soft.padEnd(20)} 4096                 files
`;

test('a limit is read from the table of the kernel, where there is one', () => {
  expect(parseOpenFiles(limits('1024'))).toBe(1024);
  expect(parseOpenFiles(limits('unlimited'))).toBeNull();
  expect(parseOpenFiles('')).toBeNull();
});

test('too few open files are refused before anything begins, with the command that raises them', () => {
  expect(() => refuseFewOpenFiles(limits('32'))).toThrow('too few files may be open at once');
  for (const enough of ['64', '1048576', 'unlimited'])
    expect(() => refuseFewOpenFiles(limits(enough))).not.toThrow();
  expect(() => refuseFewOpenFiles()).not.toThrow();
});
