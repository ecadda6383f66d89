import { expect, test } from 'vitest';
import { formatProblems, type Problem } from '../../../src/core/model/failure/error.ts';

const problem = (key: string, message: string, fix: string, file = 'r1'): Problem => ({
  file,
  key,
  message,
  fix,
});
const measure = 'measure what is missing:  ocibench run';

test('problems with one message are one, with all keys; a fix that several share is said once, below them', () => {
  const said = formatProblems([
    problem('io/fio', 'not measured', measure),
    problem('app/redis', 'not measured', measure),
    problem('runtimes', 'has no runsc', measure),
    problem('host.cpu', 'is another', 'measure there'),
  ]);
  expect(said).toEqual([
    'r1: io/fio, app/redis: not measured',
    `r1: runtimes: has no runsc\n  fix: ${measure}`,
    'r1: host.cpu: is another\n  fix: measure there',
  ]);
});

test('problems of other files, or with other fixes, stay apart', () => {
  const said = formatProblems([
    problem('', 'is empty', 'fill it', 'a.json'),
    problem('', 'is empty', 'fill it', 'b.json'),
    problem('key', 'is empty', 'remove it', 'b.json'),
  ]);
  expect(said).toEqual([
    'a.json: is empty',
    'b.json: is empty\n  fix: fill it',
    'b.json: key: is empty\n  fix: remove it',
  ]);
});
