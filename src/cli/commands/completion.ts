import { basename, resolve } from 'node:path';
import type { Environment } from '../../app/reporter.ts';
import { shellWord } from '../../core/messages/command.ts';
import { listed } from '../../core/messages/compose.ts';
import { messages, notices } from '../../core/messages/define.ts';
import { exitCodes, misuse } from '../../core/model/failure/error.ts';
import { defineCommand } from '../command.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

const words = messages('help.completion', {
  summary: 'print the shell completion script',
  shell: 'bash, zsh or fish (default: taken from $SHELL)',
  bash: 'in ~/.bashrc',
  zsh: 'in ~/.zshrc',
  fish: 'once: write it to the completions directory of fish',
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
    if (shell === 'bash') terminal.result(bashCompletion(program));
    else {
      const { script } = await import('@bomb.sh/tab');
      script(shell, 'ocibench', program);
    }
    return exitCodes.ok;
  },
});

/**
 * The script that completes `ocibench` in bash. The library's own script needs the package bash-completion and evaluates the
 * typed words: a Tab within `--cmd "… $(…)"` would run the command.
 *
 * bash splits words at `=` and `:` and replaces only the part after them. `command`: how ocibench is called, as a shell word.
 */
export function bashCompletion(command: string): string {
  return `# bash completion for ocibench
__ocibench_complete() {
  local word line value joined=0
  local -a words=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $word == [=:] && \${#words[@]} -gt 0 ]]; then
      words[-1]+=$word joined=1
    elif ((joined)); then
      words[-1]+=$word joined=0
    else
      words+=("$word")
    fi
  done
  local typed=\${words[-1]}
  local before=\${typed%"\${typed##*[=:]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    case $value in
      :0) compopt -o default ;;
      :[0-9]*) ;;
      *) COMPREPLY+=("\${value#"$before"}") ;;
    esac
  done < <(${command} complete -- "\${words[@]}" 2>/dev/null)
}
complete -F __ocibench_complete ocibench`;
}
