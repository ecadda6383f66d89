import { reasons } from '../../messages/define.ts';
import type { FailureRule } from '../../runtimes/failure-rule.ts';

const text = reasons('preflight', {
  commandMissing: {
    message: 'the image holds no program {program}; the runtime itself got as far as starting it',
    fix: 'remove the image, so that it is made again',
  },
});

/**
 * The image lacks the command, so the runtime is not to blame. Precedes all other rules, because the text resembles
 * that of a missing runtime.
 */
export const commandFailure: FailureRule = {
  code: 'command-missing',
  match: /unable to start container process: exec: "([^"]+)"|executable file `([^`]+)` not found/,
  explain: ([runc = '', crun = '']) => text.commandMissing({ program: runc || crun }),
};
