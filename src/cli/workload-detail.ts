import { messages } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import { asMessage } from '../core/model/failure/said.ts';
import { formatParams } from '../core/model/trial/cell.ts';
import { imageId } from '../core/model/workload/image.ts';
import type { Workload } from '../core/model/workload/workload.ts';
import { type Block, heading, list, paragraph, text } from '../report/document/document.ts';
import { tableOf, wrap } from '../report/document/make-table.ts';
import { renderTerminal, type TerminalOptions } from '../report/renderers/terminal.ts';
import { metricName } from '../report/words/metric.ts';

const words = messages('list.detail', {
  image: 'image: {image}; target: ±{percent}%',
  parameters: 'Parameters',
  presets: 'What each preset measures',
  metrics: 'Metrics, the main one first',
  asItIs: 'once, as it is',
  nothing: 'nothing',
});

/** Everything that `list workloads ID` shows of one workload. */
export function workloadDetail(workload: Workload, options: TerminalOptions): string {
  const say = (message: Message) => translate(message, options.lang);
  const { id, title, description, image, precision, parameters, presets, metrics } = workload;
  const section = (name: Message, content: readonly Block[]): readonly Block[] =>
    content.length === 0 ? [] : [heading(3, say(name)), ...content];
  const sets = Object.entries(presets).map(([preset, params]) => {
    const named = params.map((set) => formatParams(set) || say(words.asItIs));
    return [text(`${preset}: ${named.join(' | ') || say(words.nothing)}`)];
  });
  const explained = Object.entries(parameters).map(([key, meaning]) => [text(`${key}: ${meaning}`)]);
  return renderTerminal(
    [
      [heading(2, `${id}: ${say(asMessage(title))}`)],
      description.split('\n\n').flatMap((each) => paragraph(text(each.replaceAll('\n', ' ')))),
      [paragraph(text(say(words.image({ image: imageId(image), percent: precision * 100 }))))],
      section(words.parameters, list(explained)),
      section(words.presets, list(sets)),
      section(words.metrics, [
        tableOf(
          metrics,
          [
            ['', (metric) => metric.id, wrap(26)],
            ['', (metric) => metric.unit, wrap(9)],
            ['', (metric) => `${metricName(metric.id, options.lang)}: ${metric.description}`, wrap(60, 24)],
          ],
          options.lang,
        ),
      ]),
    ],
    options,
  );
}
