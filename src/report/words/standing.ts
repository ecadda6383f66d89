import { messages } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { Standing } from '../headline-cost.ts';

export const standingNames: Readonly<Record<Standing, Message>> = messages('standing', {
  worse: 'worse',
  better: 'better',
  differs: 'different',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
  unavailable: 'not measured',
});
