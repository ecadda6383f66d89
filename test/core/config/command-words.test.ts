import { describe, expect, test } from 'vitest';
import { commandWords } from '../../../src/core/config/service-shape.ts';

describe('a command line is split as a shell splits it', () => {
  test.each<readonly [string, readonly string[]]>([
    ['nginx', ['nginx']],
    [`redis-server --save '' --port 6379`, ['redis-server', '--save', '', '--port', '6379']],
    [`sh -c 'echo "$HOME" | wc && exit'`, ['sh', '-c', 'echo "$HOME" | wc && exit']],
    [`a "b c" d\\ e 'it'\\''s'`, ['a', 'b c', 'd e', "it's"]],
    [`wrk 'http://{address}:80/?a=1&b=2'`, ['wrk', 'http://{address}:80/?a=1&b=2']],
    ['ls *.txt ?', ['ls', '*.txt', '?']],
  ])('%s', (line, words) => {
    expect(commandWords(line)).toEqual({ ok: true, words });
  });
});

describe('what needs a shell is refused', () => {
  test.each([
    ['a | b', "no shell interprets '|'"],
    ['a > b', "'>'"],
    ['a && b', "'&&'"],
    ['curl http://x/?a=1&b=2', "'&'"],
    ['a $HOME', 'a variable'],
    ['a "$HOME"', 'a variable'],
    ['a # b', 'a comment'],
    [`a 'b`, 'a quote is not closed'],
    ['a "b', 'a quote is not closed'],
    ['  ', 'it is empty'],
  ])('%s', (line, why) => {
    const split = commandWords(line);
    expect(split.ok ? '' : split.why.text).toContain(why);
  });
});
