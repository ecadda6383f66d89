import { setFlagsFromString } from 'node:v8';

// Lets V8 take the flag `l`; patterns without it are compiled as ever (https://v8.dev/blog/non-backtracking-regexp).
setFlagsFromString('--enable-experimental-regexp-engine');

/**
 * A user's regular expression that takes time linear in what it is tried on, because a container decides what that is.
 * SyntaxError where it is none, or needs backtracking (lookaround, back references).
 */
export function linearPattern(source: string): RegExp {
  return new RegExp(source, 'l');
}
