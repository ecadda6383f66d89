import { notices, type Reason } from '../../../core/messages/define.ts';
import { type OcibenchError, refusal } from '../../../core/model/error.ts';

const text = notices('recording', { notThat: 'this cannot be recorded' });

/** The error of a target that cannot be recorded (exit 2). `option`: how it was named. */
export function targetProblem(option: string, reason: Reason): OcibenchError {
  return refusal(text.notThat, { file: option, key: '' }, reason);
}
