import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import { type DataLicence, licenceTexts } from './data-licence.ts';

const words = messages('published', {
  title: 'Measurements of ocibench: {run}',
  what: 'What {runtimes} cost on one host, measured by ocibench {version} (preset {preset}), begun {begun}. summary.csv and analysis.json have the figures, trials.jsonl what every figure is made of.',
  withheld:
    'Withheld: names of the host and of people, addresses, paths and labels. The host is called {host}, and so it is in all that is published of it.',
  noHost:
    'Withheld: names of the host and of people, addresses, paths and labels. Its record has no id of the host, so other bundles of that host cannot be told to be of it.',
  check: 'Check it:  sha256sum -c MANIFEST.sha256   and whether its figures follow:  @(verify {run})',
  merge: 'Put it together with measurements of other hosts:  @(merge DIR --out FLEET)',
  pages: 'Make its page and its charts, in the directory above results/:  @(report {run})',
  licence: 'Licence of the data: {licence}, see DATA-LICENSE.',
});

/** README.md of a published run. */
export function publishedReadme(
  { runId, host, config, runtimes, harnessVersion, startedAt }: RunRecord,
  licence: DataLicence,
  lang: Lang,
): string {
  const run = runId;
  const values = {
    runtimes: runtimes.map(({ entry }) => entry.name).join(', '),
    version: harnessVersion,
    preset: config.preset,
    begun: startedAt.slice(0, 10),
  };
  const withheld = host.id === undefined ? words.noHost : words.withheld({ host: host.hostname });
  const paragraphs = [
    words.what(values),
    withheld,
    words.check({ run }),
    words.pages({ run }),
    words.merge,
    words.licence({ licence }),
  ];
  return [
    `# ${translate(words.title({ run }), lang)}`,
    ...paragraphs.map((message) => translate(message, lang)),
  ]
    .join('\n\n')
    .concat('\n');
}

/** DATA-LICENSE of a published run: the terms, and where their whole text is. */
export function dataLicenceText(licence: DataLicence): string {
  const { url, notice } = licenceTexts[licence];
  return `SPDX-License-Identifier: ${licence}\n\n${notice}\n\n${url}\n`;
}
