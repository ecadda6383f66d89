import { asked } from '../../../cli/question.ts';
import type { Terminal } from '../../../cli/terminal.ts';
import { terminalText } from '../../../report/document/sanitize.ts';
import type { ConfirmationDialog } from './change-runtimes.ts';
import { createTwoFilesPatch } from './diff.ts';

/** The difference in the format of `diff -u`, safe to print. */
function difference(path: string, before: string, after: string, { paintResult }: Terminal): string {
  const paint = (line: string) => {
    const text = terminalText(line.replaceAll('\t', '    '));
    if (line.startsWith('+')) return paintResult('green', text);
    return line.startsWith('-') ? paintResult('red', text) : text;
  };
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 3 });
  return (
    patch
      .split('\n')
      // Drops the line of `=` that the library adds.
      .filter((line, i) => i > 1 || !line.startsWith('==='))
      .map((line) => paint(line.replace(/\r$/, '')))
      .join('\n')
  );
}

/** Shows a change of a file on the terminal, and asks if a user can answer. */
export function confirmation(terminal: Terminal): ConfirmationDialog {
  return {
    show: (file, before, after) => terminal.paintedResult(difference(file, before, after, terminal)),
    ask: asked(terminal),
  };
}
