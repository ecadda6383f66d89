import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCommand, runArguments } from '../../../src/features/lab/qemu.ts';

test('options whose value is a place on the host stay on the host', () => {
  expect(runArguments(['--preset', 'quick', '--out', '/tmp/x', '--config=a.ts', '--json'], null)).toEqual([
    '--preset',
    'quick',
    '--json',
  ]);
});

test('keys of --set that hold paths of the host stay on the host', () => {
  const places = ['--set', 'daemonJson=/etc/a.json', '--set=profiles={}', '--set', 'profiles.x=1'];
  const kept = ['--set', 'profilesOf=1', '--set=seed=7'];
  expect(runArguments([...places, ...kept], null)).toEqual(kept);
});

test('an option that only begins like one of these is kept', () => {
  expect(runArguments(['--output', 'x', '--set', 'labels.a=--out'], null)).toEqual([
    '--output',
    'x',
    '--set',
    'labels.a=--out',
  ]);
});

test('a run that is gone on with is named by its id', () => {
  expect(runArguments(['--resume', 'results/latest', '--quiet'], 'r-1')).toEqual([
    '--quiet',
    '--resume',
    'r-1',
  ]);
  expect(runArguments(['--resume=results/latest'], 'r-1')).toEqual(['--resume', 'r-1']);
});

test('every command comes back word by word, whatever is in it', () => {
  const word = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(encodeCommand(words).split('\0').slice(0, -1)).toEqual(words);
    }),
  );
});

test('a NUL in a word is refused', () => {
  expect(() => encodeCommand(['a\0b'])).toThrow(RangeError);
});

test('a daemon.json of this host is left out, however --set has it', () => {
  const words = [
    '--set',
    'daemonJson=/tmp/d.json',
    '--set',
    'seed=7',
    '--set=daemonJson=x',
    '--set=duet=true',
  ];
  expect(runArguments(words, null)).toEqual(['--set', 'seed=7', '--set=duet=true']);
});
