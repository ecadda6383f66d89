/**
 * The process that reads strangers' artefacts. It is ended by the one that started it ({@link readApart}), or with it.
 */
import { openArtefact } from '../../core/artefact/artefact.ts';
import { type ApartJob, type ApartSaid, endWithParent } from './apart.ts';
import type { Environment } from '../context.ts';
import { type MergeJob, readFleetRun } from '../../features/fleet/merge/read-run.ts';
import { vegaPictures } from '../pictures.ts';
import { diskStore } from '../store.ts';
import { judgeArtefact, type VerifyJob } from '../../features/proof/verify/verify-several.ts';

/** Of whatever is to be read, with where archives are unpacked. */
type Received = (MergeJob | VerifyJob) &
  ApartJob & { readonly scratch: string; readonly environment: Environment };

const silent = () => undefined;
const reporter = {
  lang: 'en',
  setLang: silent,
  log: silent,
  warn: silent,
  isVerbose: false,
  trace: silent,
} as const;

const say = (said: ApartSaid<unknown>) =>
  new Promise<void>((resolve) => {
    process.send?.(said, () => resolve());
  });

// Tests and documents load every module.
if (process.argv[1] === import.meta.filename) {
  endWithParent(process.ppid);
  process.on('message', async ({ origin, scratch, environment, ...job }: Received) => {
    const app = { store: diskStore, pictures: vegaPictures, environment, reporter };
    for await (const artefact of openArtefact(origin, { scratch })) {
      if (job.task === 'merge') {
        if (job.only === null || job.only.includes(artefact.origin))
          await say({ answer: await readFleetRun(app, artefact, job) });
      } else await say({ answer: await judgeArtefact(app, artefact, job.flags) });
    }
    await say({ end: true });
  });
}
