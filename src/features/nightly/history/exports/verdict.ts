import { messages } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import { formatChange } from '../alarm-text.ts';
import { type Direction, directionOf } from '../direction.ts';
import type { SeriesTonight } from './newest-night.ts';

const words = messages('history.verdict', {
  learning: 'its level is not known yet: {n} of {least} nights',
  quiet: 'as before',
  suspect: 'suspect, but not confirmed',
  moved: '{change}, alarm {id}',
  returned: 'back at its level; nobody has accepted alarm {id}',
});

/** What the guard says of a series tonight. */
export interface Verdict {
  /** `moved`: an alarm that nobody has accepted, and the change still stands. */
  readonly kind: 'holds' | 'moved' | 'cannot-tell';
  /** Of what moved. */
  readonly direction: Direction | null;
  readonly said: Message;
}

/** The verdict on a series. */
export function verdictOf({ line, finding, alarm }: SeriesTonight, lang: Lang): Verdict {
  const holds = (said: Message): Verdict => ({ kind: 'holds', direction: null, said });
  const id = alarm?.id ?? '';
  switch (finding.kind) {
    case 'learning': {
      const { nights: n, least } = finding;
      return { kind: 'cannot-tell', direction: null, said: words.learning({ n, least }) };
    }
    case 'quiet':
      return holds(words.quiet);
    case 'suspect':
      return holds(words.suspect);
    case 'returned':
      return holds(words.returned({ id }));
    case 'standing': {
      const change = formatChange(Math.exp(finding.change), lang);
      const direction = directionOf(line, finding.change);
      return { kind: 'moved', direction, said: words.moved({ change, id }) };
    }
  }
}
