import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { Message } from '../messages/message.ts';
import { paintedLines, plainText, terminalJson, terminalLines } from '../report/sanitize.ts';
import type { Paint } from '../report/table.ts';
import { spoken } from './language.ts';

/** Lines at the bottom of the terminal that are drawn over and over; what is logged meanwhile appears above them. */
export interface LiveArea {
  /** Every line must fit the terminal. */
  draw(lines: readonly string[]): void;
  /** Takes the lines away and gives the cursor back. */
  end(): void;
}

const state: { quiet: boolean; aboveLive: ((text: string) => void) | null } = {
  quiet: false,
  aboveLive: null,
};

/** https://no-color.org and the like are read by Node: NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS, TERM=dumb. */
function painter(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** Is a variable of the environment set to something that means yes? */
function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}

/** Whatever is told may quote a file's name, a daemon, a program or an engine: nothing of it reaches the terminal but text. */
function write(told: Message | string): void {
  const text = terminalLines(spoken(told));
  if (state.aboveLive === null) process.stderr.write(`${text}\n`);
  else state.aboveLive(text);
}

function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Where text goes: results to stdout, everything else to stderr, in the language that is spoken. */
export const terminal = {
  /** From now on only results and {@link terminal.warn} are told. */
  beQuiet(): void {
    state.quiet = true;
  },
  /** Plain text: whatever it quotes, nothing of it reaches the terminal but text. */
  result(text: string): void {
    print(text.split('\n').map(plainText).join('\n'));
  },
  /** A text with the colours of {@link terminal.paintResult}; what it quotes was made plain before it was painted. */
  paintedResult(text: string): void {
    print(paintedLines(text));
  },
  /** A value for programs. */
  json(value: unknown, indent?: number): void {
    print(terminalJson(value, indent));
  },
  /** What is good to know while it goes on. */
  log(text: Message | string): void {
    if (!state.quiet) write(text);
  },
  /** What must be told even to those who asked for quiet: why a command fails, or what they have to do next. */
  warn(text: Message | string): void {
    write(text);
  },
  /** Colour only where a person looks and did not ask for none, or where it was asked for. */
  paintResult: painter(process.stdout),
  paintLog: painter(process.stderr),
  /** Of stderr; null where it is no terminal or does not tell. */
  size(): { readonly columns: number; readonly rows: number } | null {
    const { isTTY, columns, rows } = process.stderr;
    return isTTY && columns > 0 && rows > 0 ? { columns, rows } : null;
  },
  /** How wide a result may be, given how wide it is best: as wide as the terminal, where it goes to one. */
  resultWidth(best: number): number {
    const { isTTY, columns } = process.stdout;
    return isTTY && columns > 0 ? Math.min(best, columns) : best;
  },
  /** Can lines be drawn over? Not in CI and not on a terminal that cannot move its cursor. */
  canBeLive(): boolean {
    return terminal.size() !== null && process.env.TERM !== 'dumb' && !isSet(process.env.CI);
  },
  live(): LiveArea {
    const update = createLogUpdate(process.stderr);
    let last = '';
    state.aboveLive = (text) => {
      update.clear();
      process.stderr.write(`${text}\n`);
      redraw();
    };
    const redraw = () => {
      if (last !== '') update(last);
    };
    // Ctrl-Z: the shell gets its terminal as it was.
    const suspend = () => {
      update.clear();
      update.done();
      process.kill(process.pid, 'SIGSTOP');
    };
    process.on('SIGTSTP', suspend);
    process.on('SIGCONT', redraw);
    return {
      draw(lines) {
        last = lines.join('\n');
        update(last);
      },
      end() {
        state.aboveLive = null;
        process.off('SIGTSTP', suspend);
        process.off('SIGCONT', redraw);
        update.clear();
        update.done();
      },
    };
  },
};
