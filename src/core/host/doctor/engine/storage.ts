import { external } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import { ok, warn } from '../../../model/machine/check.ts';
import type { EngineCheck } from '../engine-check.ts';

const words = messages('doctor.engineStorage', { title: "engine's storage driver" });
const doubts = reasons('doctor.engineStorage', {
  vfs: {
    message:
      'vfs copies the whole image for every container: create is equally slow for every runtime. Impact: high for startup',
    fix: 'move data-root to a file system that supports overlay2 (ext4, xfs with ftype=1)',
  },
});

export default {
  id: 'engine-storage',
  order: 3,
  title: words.title,
  impact: 'high',
  check: ({ engine: { storageDriver } }) =>
    storageDriver === 'vfs' ? warn(doubts.vfs) : ok(external(storageDriver)),
} satisfies EngineCheck;
