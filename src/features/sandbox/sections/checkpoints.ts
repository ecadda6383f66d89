import { external } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { ReportContext } from '../../../report/context.ts';
import {
  briefly,
  chapter,
  paragraph,
  runtimeName,
  sentence,
  text,
} from '../../../report/document/document.ts';
import { formatCount } from '../../../report/document/format.ts';
import { tableOf } from '../../../report/document/make-table.ts';
import { quotedMessage } from '../../../report/document/quotes.ts';
import type { Section } from '../../../report/sections/section.ts';
import { words as shared } from '../../../report/words/common.ts';
import { type Checkpoints, checkpointsOf } from '../restore/checkpoints.ts';

const words = messages('section.checkpoints', {
  title: 'Checkpoints here',
  intro:
    'Calls of all trials, warm-up included: what is unsupported there is not tried again. A restore counts once the service has answered with its state. A refused one is repeated: both calls count, and the trial has no restore time.',
  place: 'layer or engine',
  by: 'stored by',
  criu: 'CRIU {version}',
  own: 'the runtime',
  stored: 'stored',
  restored: 'restored',
  why: 'why not',
  share: '{n} of {calls}',
});

/** Where containers can be stored and restored, by layer or engine and runtime. */
export default {
  id: 'checkpoints',
  order: 560,
  blocks({ run, trials, lang, t }: ReportContext) {
    const rows = checkpointsOf(run, trials);
    if (rows.length === 0) return [];
    const share = (n: number, calls: number) =>
      calls === 0 ? null : words.share({ n: formatCount(n, lang), calls: formatCount(calls, lang) });
    return [
      chapter({ title: t(words.title), id: 'checkpoints', open: true }, [
        paragraph(text(t(words.intro))),
        tableOf(
          rows,
          [
            [
              words.place,
              ({ engine, layer, engineVersion }) => [engine ?? layer, engineVersion].join(' ').trim(),
            ],
            [shared.runtime, ({ runtime }) => runtimeName(runtime)],
            [words.by, by],
            [words.stored, ({ stored, checkpointCalls }) => share(stored, checkpointCalls), 'right'],
            [words.restored, ({ restored, restoreCalls }) => share(restored, restoreCalls), 'right'],
            [
              words.why,
              ({ why }) =>
                why === null ? null : quotedMessage(why, lang, (said) => sentence(briefly(said))),
            ],
          ],
          lang,
          words.title,
        ),
      ]),
    ];
  },
} satisfies Section;

function by({ usesCriu, criu, stored }: Checkpoints): Message | null {
  if (stored === 0) return null;
  if (!usesCriu) return words.own;
  return criu === null ? external('CRIU') : words.criu({ version: criu });
}
