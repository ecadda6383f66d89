import { closeSync, constants, fstatSync, openSync, readlinkSync, statSync } from 'node:fs';
import { pathOnly } from '../../../core/files/walk.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { refusal } from '../../../core/model/failure/error.ts';

const text = notices('move.held', { title: 'a mount of the stack is not what it was' });
const why = reasons('move.held', {
  exchanged: {
    message: 'was exchanged after it was searched for sockets of the host',
    fix: 'leave it as it is while services are tried, and try again',
  },
});

/**
 * What mounts lead to, held open from the look at it to the last start, so that its inode is no other's meanwhile. Docker mounts
 * by name: whoever may write a directory on the way can put a link to the host's sockets there.
 */
export class HeldSources implements Disposable {
  readonly #files = new Map<string, number>();

  /** Opens what a path without links leads to; null where it cannot be opened, or leads through a link by now. */
  hold(path: string): number | null {
    try {
      const fd =
        this.#files.get(path) ?? openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | pathOnly);
      this.#files.set(path, fd);
      return readlinkSync(`/proc/self/fd/${fd}`) === path ? fd : null;
    } catch {
      return null;
    }
  }

  /** OcibenchError (exit 2) where one of the paths leads to something else by now. */
  refuseExchanged(): void {
    for (const [path, fd] of this.#files) {
      const held = fstatSync(fd, { bigint: true });
      const now = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (now?.dev !== held.dev || now.ino !== held.ino) throw refusal(text.title, path, why.exchanged);
    }
  }

  [Symbol.dispose](): void {
    for (const fd of this.#files.values()) closeSync(fd);
    this.#files.clear();
  }
}
