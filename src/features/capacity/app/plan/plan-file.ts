import { dirname, resolve } from 'node:path';
import { readPlainFile } from '../../../../core/files/plain-file.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { misuse, type OcibenchError, type Problem, refusal } from '../../../../core/model/failure/error.ts';
import type { PlanInput } from '../../plan/input-record.ts';
import { parseYamlText } from '../../plan/yaml-text.ts';
import type { Recording } from '../../recording/recording.ts';
import { findRecording } from '../../recording/stored.ts';
import { orProblems } from '../or-problems.ts';
import { type CheckedPlan, checkedPlan } from './input.ts';

const readFileText = notices('planFile', { unusable: '{file} cannot be planned' });
const why = reasons('planFile', {
  missing: { message: 'does not exist', fix: 'name a file; an example is in examples/services.yaml' },
});

/** The error (exit 2) that names every problem of a plan. */
export function planRefusal(file: string, problems: readonly Problem[]): OcibenchError {
  return misuse(readFileText.unusable({ file }), problems);
}

/** Reads services.yaml; `file` names it in messages. OcibenchError (exit 2) if it cannot be read, or is no YAML. */
export async function readPlanFile(path: string, file: string): Promise<CheckedPlan> {
  const source = await readPlainFile(path, { followLinks: true }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? refusal(readFileText.unusable({ file }), file, why.missing) : error;
  });
  const yaml = parseYamlText(source.toString('utf8'), file);
  if (!yaml.ok) throw misuse(readFileText.unusable({ file }), yaml.problems);
  return checkedPlan(yaml.value, file);
}

/** Service → its recording, and the problems of unusable recordings. Paths are relative to the plan's file. */
export async function readRecordings(
  { services }: PlanInput,
  file: string,
  results: string,
): Promise<{
  readonly recordings: ReadonlyMap<string, Recording>;
  readonly problems: readonly Problem[];
}> {
  const recordings = new Map<string, Recording>();
  const problems: Problem[] = [];
  for (const { name, recording } of services) {
    if (recording === null) continue;
    const path = resolve(dirname(file), recording);
    const found = await orProblems(problems, () => findRecording(recording, { path, results }));
    if (found !== null) recordings.set(name, found);
  }
  return { recordings, problems };
}
