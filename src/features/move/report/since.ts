import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Block, quiet, text, titled } from '../../../report/document/document.ts';
import { formatInstant } from '../../../report/document/format.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import type { MoveRecord } from '../record.ts';
import type { Since } from '../since.ts';
import { metricNames, roughRatio } from './costs.ts';

const words = messages('move.since', {
  title: 'Since {date}',
  none: 'Nothing became worse.',
  changed: 'Changed since then: {facts}.',
  verdict: '{service} does not run under {runtime} any more',
  cost: '{name} under {runtime}: {was} then, {is} now',
});

/** One thing that became worse. */
export function worseShown(
  { service, runtime, metric, was, is }: Since['worse'][number],
  lang: Lang,
): Message {
  const name = plainText(runtime);
  if (metric === null || was === null || is === null)
    return words.verdict({ service: plainText(service ?? ''), runtime: name });
  const [then, now] = [roughRatio(was, lang), roughRatio(is, lang)];
  return words.cost({ name: metricNames('')[metric], runtime: name, was: then, is: now });
}

/** What became worse since a move before. */
export function sinceBlocks({ since }: MoveRecord, lang: Lang): readonly (readonly Block[])[] {
  if (since === undefined) return [];
  const t = (message: Message) => translate(message, lang);
  const { worse, changed, startedAt } = since;
  const facts = words.changed({ facts: changed.map(plainText).join(', ') });
  const none = worse.length === 0 ? [quiet(t(words.none))] : [];
  const title = t(words.title({ date: formatInstant(startedAt) }));
  const items = worse.map((each) => [text(t(worseShown(each, lang)))]);
  return [[...titled(2, title, items, 'since'), ...none, ...(changed.length === 0 ? [] : [quiet(t(facts))])]];
}
