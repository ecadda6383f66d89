import type { AskQuestion, InitFlags } from '../../app/init.ts';
import { external } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import { exitCodes, formatProblem } from '../../core/model/failure/error.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { serviceOptions } from '../options.ts';
import type { Questions } from '../question.ts';
import type { Terminal } from '../terminal.ts';

const words = messages('help.init', {
  summary: 'describe your own service, and write bench.config.ts to measure it',
  file: 'file to write (default: bench.config.ts); a name that ends in .json makes it JSON',
  asking: 'asks for the image, the command, when it is ready, and the load',
  given: 'asks nothing',
});
const text = messages('init', {
  written: 'wrote {path}; to measure what it says:  {command}',
});
const questions = messages('init.question', {
  image: 'Image, as Docker knows it (nginx:1.27), or recipe:ID: ',
  cmd: 'Command, as after docker run IMAGE (empty: its own): ',
  ready:
    'Ready when this port accepts, or a line matches this regular expression (empty: it ends by itself): ',
  load: "Load, such as  wrk -d2s http://'{address}':8080/  (empty: none): ",
});

function asker(terminal: Terminal, { ask }: Questions): AskQuestion {
  return async (question, complaint) => {
    if (complaint !== null) terminal.warn(external(formatProblem(complaint, terminal.lang)));
    return ask(terminal.say(questions[question]));
  };
}

/** `ocibench init` */
export const command = defineCommand<InitFlags>({
  name: 'init',
  order: 15,
  words: words.summary,
  group: helpGroups.measure,
  options: [...serviceOptions, { flags: '--file <file>', words: words.file }],
  examples: [
    { line: 'init', words: words.asking },
    {
      line: "init --image shop:1.2 --ready 8080 --load 'wrk -d2s http://{address}:8080/'",
      words: words.given,
    },
  ],
  async run({ app, terminal }, flags) {
    const { initialize } = await import('../../app/init.ts');
    const { canAnswer, openQuestions } = await import('../question.ts');
    using open = canAnswer() && flags.image === undefined ? openQuestions() : null;
    const ask = open === null ? null : asker(terminal, open);
    const { path, content } = await initialize(app, flags, ask);
    terminal.result(content);
    const named = flags.file === undefined ? [] : ['--config', flags.file];
    terminal.log(text.written({ path, command: { ocibench: ['run', ...named] } }));
    return exitCodes.ok;
  },
});
