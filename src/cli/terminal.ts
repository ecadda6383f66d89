import { styleText } from 'node:util';
import type { Reporter } from '../app/reporter.ts';
import type { Lang, Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import { paintedLines, plainText, terminalJson, terminalLines } from '../report/document/sanitize.ts';
import type { Paint } from '../report/tables/terminal-summary.ts';
import type { LiveArea, OpenLiveArea } from './live-area.ts';

/** Writes results to stdout and everything else to stderr, in the language of the terminal. */
export interface Terminal extends Reporter {
  /** Writes only results and warnings from now on. */
  setQuiet(): void;
  /** Writes plain text: control characters in quoted text are neutralised. */
  result(text: string): void;
  /**
   * Writes text with the colours of {@link Terminal.paintResult}; quoted text must be made plain before it is painted.
   */
  paintedResult(text: string): void;
  /** Writes a value as JSON, for programs. */
  json(value: unknown, indent?: number): void;
  /** Translates a message into the language of the terminal. */
  say(message: Message): string;
  /** Styles text where stdout is a terminal and colour is not disabled, or where colour is forced. */
  readonly paintResult: Paint;
  readonly paintLog: Paint;
  /** Size of stderr's terminal; null where it is no terminal or the size is unknown. */
  size(): { readonly columns: number; readonly rows: number } | null;
  /** Calls back when the size changes, until the returned function is called. */
  onResize(listener: () => void): () => void;
  /** Width of a result: `best`, or less on a narrow terminal. */
  resultWidth(best: number): number;
  /** Can lines be redrawn? Not in CI, and not on a terminal that cannot move its cursor. */
  canBeLive(): boolean;
  /** Opens lines at the bottom that are redrawn; logged text appears above them. */
  live(open: OpenLiveArea): LiveArea;
}

/** The streams of a process. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Node reads NO_COLOR (https://no-color.org), FORCE_COLOR, NODE_DISABLE_COLORS and TERM=dumb. */
function painter(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** Is the environment variable set, and neither empty, `0` nor `false`? */
function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}

/** Opens the terminal of these streams in language `lang`. */
export function openTerminal(
  { stdout, stderr }: Streams,
  options: { readonly lang: Lang; readonly environment: NodeJS.ProcessEnv },
): Terminal {
  const { environment } = options;
  let { lang } = options;
  let isQuiet = false;
  let live: LiveArea | null = null;

  const say = (message: Message) => translate(message, lang);
  /** Neutralises control characters: a message may quote a file name, a daemon, a program or an engine. */
  const write = (message: Message) => {
    const line = `${terminalLines(say(message))}\n`;
    if (live === null) stderr.write(line);
    else live.above(line);
  };
  const print = (text: string) => {
    stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  };
  const size = () => {
    const { isTTY, columns, rows } = stderr;
    return isTTY && columns > 0 && rows > 0 ? { columns, rows } : null;
  };

  return {
    get lang() {
      return lang;
    },
    setLang(asked) {
      lang = asked;
    },
    setQuiet() {
      isQuiet = true;
    },
    result: (text) => print(text.split('\n').map(plainText).join('\n')),
    paintedResult: (text) => print(paintedLines(text)),
    json: (value, indent) => print(terminalJson(value, indent)),
    say,
    log(message) {
      if (!isQuiet) write(message);
    },
    warn: write,
    paintResult: painter(stdout),
    paintLog: painter(stderr),
    size,
    onResize(listener) {
      stderr.on('resize', listener);
      return () => stderr.off('resize', listener);
    },
    resultWidth: (best) => (stdout.isTTY && stdout.columns > 0 ? Math.min(best, stdout.columns) : best),
    canBeLive: () => size() !== null && environment.TERM !== 'dumb' && !isSet(environment.CI),
    live(open) {
      const area = open(stderr, () => {
        live = null;
      });
      live = area;
      return area;
    },
  };
}
