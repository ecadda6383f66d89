import { join } from 'node:path';
import { diskStore, type Store } from '../../src/app/store.ts';
import { diskError } from '../../src/core/model/machine/disk-error.ts';

/** A write into a run directory, or below it. */
export interface Write {
  readonly what: 'openRun' | 'saveRun' | 'appendBlock' | 'appendTrial' | 'writeTogether' | 'appendByMonth';
  readonly path: string;
}

/** The store on the disk, that asks before it writes: what `before` throws is the disk's answer. */
export function watchedStore(before: (write: Write) => void): Store {
  return {
    ...diskStore,
    async openRun(path) {
      before({ what: 'openRun', path });
      const writer = await diskStore.openRun(path);
      return {
        ...writer,
        async saveRun(run) {
          before({ what: 'saveRun', path: join(path, 'run.json') });
          await writer.saveRun(run);
        },
        appendBlock(block) {
          before({ what: 'appendBlock', path: join(path, 'schedule.jsonl') });
          writer.appendBlock(block);
        },
        appendTrial(trial) {
          before({ what: 'appendTrial', path: join(path, 'trials.jsonl') });
          writer.appendTrial(trial);
        },
      };
    },
    async appendByMonth(directory, lines) {
      before({ what: 'appendByMonth', path: directory });
      await diskStore.appendByMonth(directory, lines);
    },
    async writeTogether(files) {
      for (const path of files.keys()) before({ what: 'writeTogether', path });
      await diskStore.writeTogether(files);
    },
  };
}

/** What a disk without room answers to a write of this file. */
export function noSpace({ path }: Write): unknown {
  return diskError(path, { code: 'ENOSPC' });
}
