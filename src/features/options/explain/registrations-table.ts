import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Translate } from '../../../report/context.ts';
import { list, paragraph, text } from '../../../report/document/document.ts';
import { tableOf, wrap } from '../../../report/document/make-table.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import { renderTerminal, tableWidth } from '../../../report/renderers/terminal.ts';
import { words as shared } from '../../../report/words/common.ts';
import type { DockerUse, Registration } from './registrations.ts';
import type { RuntimePlaces } from './show-runtimes.ts';

const words = messages('table.registrations', {
  file: 'daemon.json',
  daemon: 'dockerd',
  registered: 'registered',
  about:
    'Docker uses daemon.json, which dockerd reads at its start and on SIGHUP. The runtimes of containerd’s config.toml belong to containerd’s CRI plugin, that is, to Kubernetes. Docker never reads them.',
});

/** Meaning of a registration for Docker, in words; `about` is a program or shim. */
export const dockerUses: Readonly<
  Record<DockerUse, Message | ((values: { readonly name: string; readonly about: string }) => Message)>
> = messages('table.registrations.use', {
  usable: 'Docker can use it.',
  'built-in': 'Built into dockerd, which reserves the name.',
  'not-loaded': 'daemon.json has changed, and dockerd has not read it since (systemctl reload docker).',
  'not-in-file':
    'dockerd has it, but daemon.json does not: it comes from a flag (--add-runtime), or was removed without a reload.',
  'shim-by-path':
    'Docker cannot use it: its path is that of a containerd shim. Register it with "runtimeType": "{about}".',
  'no-program': 'Docker cannot use it: {about} cannot be executed here.',
  'no-shim': 'Docker cannot use it: its shim {about} is not installed here.',
  unasked: 'In daemon.json; whether dockerd has read it is unknown.',
});

/** Registrations of each runtime, one column per place, with the meaning for Docker last. */
export function registrationsTable(
  registrations: readonly Registration[],
  places: RuntimePlaces['places'],
  lang: Lang,
): string {
  const t: Translate = (message) => translate(message, lang);
  const colon = t(shared.colon);
  const cell = (found: string | null) =>
    found === null ? '–' : terminalText(found || t(words.registered), 300);
  const use = ({ name, use, about }: Registration) => {
    const message = dockerUses[use];
    const values = { name: terminalText(name, 100), about: terminalText(about, 300) };
    return t(typeof message === 'function' ? message(values) : message);
  };
  return renderTerminal(
    [
      (['file', 'daemon'] as const).map((place) =>
        paragraph(text(`${t(words[place])}${colon}${terminalText(t(places[place]))}`)),
      ),
      [
        tableOf(
          registrations,
          [
            [shared.runtime, ({ name }) => terminalText(name, 100), wrap(20, 10)],
            [words.file, ({ file }) => cell(file), wrap(40, 10)],
            [words.daemon, ({ daemon }) => cell(daemon), wrap(40, 10)],
          ],
          lang,
        ),
      ],
      list(registrations.map((one) => [text(`${terminalText(one.name, 100)}${colon}${use(one)}`)])),
      [paragraph(text(t(words.about)))],
    ],
    { lang, width: tableWidth },
  );
}
