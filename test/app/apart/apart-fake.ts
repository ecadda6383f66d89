/** A reader whose artefacts take what their names say. */
import { endWithParent } from '../../../src/app/apart/apart.ts';

endWithParent(process.ppid);

const kept: unknown[] = [];
const acts: Readonly<Record<string, () => void>> = {
  slow: () => {
    for (;;) kept.length = 0;
  },
  values: () => {
    for (;;) kept.push({ at: [kept.length] });
  },
  text: () => {
    kept.push(JSON.parse(`[${'[1,2,3],'.repeat(20e6)}1]`));
  },
  buffers: () => {
    for (;;) kept.push(Buffer.alloc(10 * 2 ** 20, 1));
  },
  end: () => process.exit(7),
};

process.on('message', ({ origin }: { readonly origin: string }) => {
  process.send?.({ answer: { origin, pid: process.pid } });
  acts[origin]?.();
  process.send?.({ end: true });
});
