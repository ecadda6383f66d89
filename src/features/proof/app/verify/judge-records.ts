import { hostname } from 'node:os';
import { join } from 'node:path';
import { configHash } from '../../../../core/config/resolve.ts';
import { readHostFacts } from '../../../../core/host/facts.ts';
import { hostIdentity, pseudonymOf } from '../../../../core/host/host-identity.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { HostFacts } from '../../../../core/model/host.ts';
import { readingSchema } from '../../../../core/model/trial.ts';
import { eachRecord } from '../../../../core/store/jsonl.ts';
import type { StoredRun } from '../../../../core/store/run-directory.ts';
import { files } from '../../../../core/store/run-files.ts';
import { amountFindings } from '../../verify/amounts.ts';
import { clockFindings } from '../../verify/clocks.ts';
import { orderFindings } from '../../verify/order.ts';
import { ReadingsCheck } from '../../verify/readings.ts';
import type { Implausible, Verification } from '../../verify/verification.ts';

const text = notices('implausible', { otherConfig: 'the settings are not those that it was made of' });

/** What in the records of a run contradicts the rest. OcibenchError (exit 2) where the readings cannot be read. */
export async function implausibleIn(stored: StoredRun): Promise<readonly Implausible[]> {
  const { path, run, trials } = stored;
  const readings = new ReadingsCheck(trials, run.host);
  for await (const reading of eachRecord(join(path, files.readings), readingSchema)) readings.add(reading);
  const ofConfig =
    configHash(run.config) === run.configHash
      ? []
      : [{ at: `${files.run}: configHash`, message: text.otherConfig }];
  return [
    ...ofConfig,
    ...orderFindings(stored),
    ...clockFindings(stored),
    ...amountFindings(stored),
    ...readings.findings(),
  ];
}

/** Was this host the one that a run was measured on? A published run has a pseudonym of it. */
export async function hostOfRun(host: HostFacts): Promise<Verification['host']> {
  const { id = null } = host;
  if (id !== null) {
    const own = hostIdentity();
    return { id, isHere: id === own || id === pseudonymOf(own), by: 'id' };
  }
  const here = await readHostFacts();
  const isHere =
    host.hostname === hostname() && host.cpuModel === here.cpuModel && host.memoryBytes === here.memoryBytes;
  return { id, isHere, by: 'facts' };
}
