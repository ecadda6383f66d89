import { setFlagsFromString } from 'node:v8';

// Makes V8 accept the flag `l`; patterns without it are compiled as before
// (https://v8.dev/blog/non-backtracking-regexp).
setFlagsFromString('--enable-experimental-regexp-engine');

/**
 * A user's regular expression that matches in linear time, since a container chooses the text that it is matched
 * against. Throws SyntaxError where the source is invalid or needs backtracking (lookaround, back references).
 */
export function linearPattern(source: string): RegExp {
  return new RegExp(source, 'l');
}
