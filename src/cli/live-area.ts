import { createLogUpdate } from 'log-update';

/** Redrawn lines at the bottom of the terminal. */
export interface LiveArea {
  /** Every line must fit the terminal. */
  draw(lines: readonly string[]): void;
  /** Writes a text above the lines. */
  above(text: string): void;
  /** Removes the lines and shows the cursor again. */
  end(): void;
}

/** Opens the area; calls `onEnd` when the lines are removed. */
export type OpenLiveArea = (stream: NodeJS.WriteStream, onEnd: () => void) => LiveArea;

export const openLiveArea: OpenLiveArea = (stream, onEnd) => {
  const update = createLogUpdate(stream);
  let last = '';
  const redraw = () => {
    if (last !== '') update(last);
  };
  // Ctrl-Z: return the terminal to the shell as it was.
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
    above(text) {
      update.clear();
      stream.write(text);
      redraw();
    },
    end() {
      onEnd();
      process.off('SIGTSTP', suspend);
      process.off('SIGCONT', redraw);
      update.clear();
      update.done();
    },
  };
};
