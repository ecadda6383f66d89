import { messages } from '../messages/define.ts';
import type { Lang } from '../messages/message.ts';
import { translate } from '../messages/translate.ts';
import type { Verification, VerifiedFile } from '../model/verification.ts';
import { paragraph, text } from './document.ts';
import { renderTerminal, tableWidth } from './renderers/terminal.ts';
import { terminalText } from './sanitize.ts';

const words = messages('table.verification', {
  run: '{run}: {trials, plural, one {{trials} recorded trial} other {{trials} recorded trials}}, analysed again',
  torn: '{file}: its last line was cut off by a crash and is left out',
  follow: '{n, plural, one {{n} file follows} other {{n} files follow}} from the records, byte for byte.',
  missing: 'missing: {path}',
  unfounded: 'no record leads to it: {path}',
  differs: 'differs: {path}, {at}: published {published}, the records say {records}',
  otherwise:
    'These files were changed, or made by another version of ocibench. To make them again:  ocibench report {run}',
});

/** Differences that are listed. */
const listed = 20;

/** Whether the files of a run follow from its records: every one that does not, and how many do. */
export function verificationTable(found: Verification, lang: Lang): string {
  const { runId, trials, torn, files, follows } = found;
  const run = terminalText(runId, 60);
  const others = files.filter(({ status }) => status !== 'follows');
  const lines = [
    words.run({ run, trials }),
    ...torn.map((file) => words.torn({ file: terminalText(file, 60) })),
    ...others.slice(0, listed).map(line),
    words.follow({ n: files.length - others.length }),
    ...(follows ? [] : [words.otherwise({ run })]),
  ];
  return renderTerminal([lines.map((message) => paragraph(text(translate(message, lang))))], {
    lang,
    width: tableWidth,
  });
}

function line({ path, status, difference }: VerifiedFile) {
  const name = terminalText(path, 100);
  if (status === 'unfounded') return words.unfounded({ path: name });
  if (difference === null) return words.missing({ path: name });
  const { at, published, records } = difference;
  return words.differs({
    path: name,
    at: terminalText(at, 80),
    published: terminalText(published, 80),
    records: terminalText(records, 80),
  });
}
