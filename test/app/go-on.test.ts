import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { goOnCommand } from '../../src/app/go-on.ts';

test('a run is gone on with by its id alone where nothing else was given', () => {
  expect(goOnCommand('ocibench', '20260101-000000-abcd', {})).toBe(
    'ocibench run --resume 20260101-000000-abcd',
  );
});

test('what the record does not hold is carried, as a shell reads it, and the command is named as it was called', () => {
  const command = goOnCommand('./ocibench', 'r', {
    config: "my bench's.config.ts",
    out: '/data/$HOME',
    daemonJson: 'daemon.json',
    context: 'lab',
    insecureTcp: true,
  });
  const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
  expect(words.trim().split('\n')).toEqual([
    ...['./ocibench', 'run', '--resume', 'r', '--daemon-json', 'daemon.json'],
    ...['--config', "my bench's.config.ts", '--out', '/data/$HOME', '--context', 'lab', '--insecure-tcp'],
  ]);
});
