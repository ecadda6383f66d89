import { createLogUpdate } from 'log-update';

/** Lines at the bottom of the terminal that are drawn over and over. */
export interface LiveArea {
  /** Every line must fit the terminal. */
  draw(lines: readonly string[]): void;
  /** Writes a text above them. */
  above(text: string): void;
  /** Takes the lines away and gives the cursor back. */
  end(): void;
}

/** `onEnd` is called when the lines are taken away. */
export function openLiveArea(stream: NodeJS.WriteStream, onEnd: () => void): LiveArea {
  const update = createLogUpdate(stream);
  let last = '';
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
}
