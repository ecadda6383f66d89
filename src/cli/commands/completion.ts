import { basename, resolve } from 'node:path';
import type { Environment } from '../../app/context.ts';
import { shellWord } from '../../core/messages/command.ts';
import { listed } from '../../core/messages/compose.ts';
import { messages, notices } from '../../core/messages/define.ts';
import { exitCodes, misuse } from '../../core/model/error.ts';
import { defineCommand } from '../command.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

const words = messages('help.completion', {
  summary: 'print the shell completion script',
  shell: 'bash, zsh or fish (default: taken from $SHELL)',
  bash: 'in ~/.bashrc',
  zsh: 'in ~/.zshrc',
  fish: 'once, into the completions of fish',
});
const text = notices('completion', { unknownShell: "completion knows {shells}, not ''{shell}''" });

/** Makes the program's path absolute: a shell calls it from any directory. */
function resolved({ program, workingDirectory }: Environment): string {
  return program.includes('/') ? resolve(workingDirectory, program) : program;
}

/** `ocibench completion [SHELL]` */
export const command = defineCommand({
  name: 'completion',
  order: 120,
  hidden: true,
  words: words.summary,
  arguments: [{ name: '[shell]', words: words.shell, choices: shells }],
  examples: [
    { line: 'completion bash', wrap: 'source <({command})', words: words.bash },
    { line: 'completion zsh', wrap: 'source <({command})', words: words.zsh },
    {
      line: 'completion fish',
      wrap: '{command} > ~/.config/fish/completions/ocibench.fish',
      words: words.fish,
    },
  ],
  async answer({ environment, terminal }, [asked = basename(process.env.SHELL ?? '')]) {
    const shell = shells.find((each) => each === asked);
    if (shell === undefined) throw misuse(text.unknownShell({ shells: listed(shells), shell: asked }));
    const program = shellWord(resolved(environment));
    if (shell === 'bash') {
      const { bashCompletion } = await import('../bash-completion.ts');
      terminal.result(bashCompletion(program));
    } else {
      const { script } = await import('@bomb.sh/tab');
      script(shell, 'ocibench', program);
    }
    return exitCodes.ok;
  },
});
