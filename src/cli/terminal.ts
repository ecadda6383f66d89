import { styleText } from 'node:util';
import type { Reporter } from '../app/context.ts';
import type { Lang, Message } from '../messages/message.ts';
import { translate } from '../messages/translate.ts';
import { paintedLines, plainText, terminalJson, terminalLines } from '../report/sanitize.ts';
import type { Paint } from '../report/table.ts';
import { type LiveArea, openLiveArea } from './live-area.ts';

/** Where text goes: results to stdout, everything else to stderr, in the language that it speaks. */
export interface Terminal extends Reporter {
  /** From now on only results and warnings are written. */
  beQuiet(): void;
  /** From now on every step and every call to the engine is written too. */
  beVerbose(): void;
  /** Plain text: whatever it quotes, nothing of it reaches the terminal but text. */
  result(text: string): void;
  /** A text with the colours of {@link Terminal.paintResult}; what it quotes was made plain before it was painted. */
  paintedResult(text: string): void;
  /** A value for programs. */
  json(value: unknown, indent?: number): void;
  /** A message in the language that is spoken. */
  say(message: Message): string;
  /** Colour only where a person looks and did not ask for none, or where it was asked for. */
  readonly paintResult: Paint;
  readonly paintLog: Paint;
  /** Of stderr; null where it is no terminal or does not tell. */
  size(): { readonly columns: number; readonly rows: number } | null;
  /** Calls back when the size changes, until the returned function is called. */
  onResize(listener: () => void): () => void;
  /** How wide a result may be, given how wide it is best: as wide as the terminal, where it goes to one. */
  resultWidth(best: number): number;
  /** Can lines be drawn over? Not in CI and not on a terminal that cannot move its cursor. */
  canBeLive(): boolean;
  /** Lines at the bottom that are drawn over and over; what is logged meanwhile appears above them. */
  live(): LiveArea;
}

/** The streams of a process. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** https://no-color.org and the like are read by Node: NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS, TERM=dumb. */
function painter(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** Is a variable of the environment set to something that means yes? */
function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}

/** The terminal of these streams, which speaks `lang` until it is told otherwise. */
export function openTerminal(
  { stdout, stderr }: Streams,
  options: { readonly lang: Lang; readonly environment: NodeJS.ProcessEnv },
): Terminal {
  const { environment } = options;
  let { lang } = options;
  let isQuiet = false;
  let isVerbose = false;
  let live: LiveArea | null = null;

  const say = (message: Message) => translate(message, lang);
  /** What is said may quote a file's name, a daemon, a program or an engine: nothing of it reaches the terminal but text. */
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
    get isVerbose() {
      return isVerbose;
    },
    speak(asked) {
      lang = asked;
    },
    beQuiet() {
      isQuiet = true;
    },
    beVerbose() {
      isVerbose = true;
    },
    result: (text) => print(text.split('\n').map(plainText).join('\n')),
    paintedResult: (text) => print(paintedLines(text)),
    json: (value, indent) => print(terminalJson(value, indent)),
    say,
    log(message) {
      if (!isQuiet) write(message);
    },
    warn: write,
    trace(message) {
      if (isVerbose) write(message);
    },
    paintResult: painter(stdout),
    paintLog: painter(stderr),
    size,
    onResize(listener) {
      stderr.on('resize', listener);
      return () => stderr.off('resize', listener);
    },
    resultWidth: (best) => (stdout.isTTY && stdout.columns > 0 ? Math.min(best, stdout.columns) : best),
    canBeLive: () => size() !== null && environment.TERM !== 'dumb' && !isSet(environment.CI),
    live() {
      const area = openLiveArea(stderr, () => {
        live = null;
      });
      live = area;
      return area;
    },
  };
}
