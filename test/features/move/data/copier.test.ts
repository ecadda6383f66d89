import { expect, test } from 'vitest';
import { Copier, copyFailure } from '../../../../src/features/move/data/copier.ts';

const gone = "cp: cannot stat '/tmp/from/pg_wal/000000010000000000000004': No such file or directory";

test('what others removed while it was copied is no failure, and all else is', () => {
  const unread = "cp: cannot open '/tmp/from/a b' for reading: No such file or directory";
  const replaced = "cp: skipping file '/tmp/from/x', as it was replaced while being copied";
  const full = "cp: error writing '/tmp/to/base/1': No space left on device";
  expect(copyFailure(0, 'cp: anything')).toBeNull();
  expect(copyFailure(1, `${gone}\n${unread}\n${replaced}\n`)).toBeNull();
  expect(copyFailure(1, `${gone}\n${full}\n`)).toBe(full);
  expect(copyFailure(1, '')).toBe('1');
  expect(copyFailure(9, gone)).toBe(gone);
  expect(copyFailure(null, '')).toBe('null');
  // A link in the place of a file is not followed, and no accident.
  expect(
    copyFailure(1, "cp: cannot open '/tmp/from/x' for reading: Too many levels of symbolic links"),
  ).toMatch(/^cp/);
});

test('a copy ends with ocibench, and paths are arguments of the script', async () => {
  const asked: (readonly string[])[] = [];
  const copier = new Copier({
    async run(words, options = {}) {
      asked.push([options.program ?? '', ...words]);
      return { exitCode: 0, stdout: '..', stderr: '' };
    },
  });
  const { signal } = new AbortController();
  expect(await copier.copy('/a $(b)', '/c', signal)).toEqual({ special: 2, failure: null });
  expect(await copier.size('/a', signal)).toBeNull();
  const [[program = '', ...words] = []] = asked;
  expect(program).toBe('setpriv');
  expect(words.slice(0, 2)).toEqual(['--pdeathsig', 'KILL']);
  expect(words).toContain('--kill-child=KILL');
  expect(words.slice(-3)).toEqual(['copy', '/a $(b)', '/c']);
});
