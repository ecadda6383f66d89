import { dirname, resolve } from 'node:path';
import { planShape } from '../../../../core/config/plan-shape.ts';
import { parseYamlText } from '../../../../core/config/yaml-text.ts';
import { checkValue } from '../../../../core/config/zod-problems.ts';
import { readPlainFile } from '../../../../core/files/plain-file.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import { misuse, OcibenchError, type Problem, refusal } from '../../../../core/model/error.ts';
import type { PlanInput } from '../../plan/input-record.ts';
import { findProfile } from '../../recording/find-profile.ts';
import type { Profile } from '../../recording/profile-record.ts';
import { planInput, planKeys } from './input.ts';

const text = notices('planFile', { unusable: '{file} cannot be planned' });
const why = reasons('planFile', {
  missing: { message: 'does not exist', fix: 'name a file; an example is in examples/services.yaml' },
});

/** OcibenchError (exit 2) where there is a problem. */
export function refusePlan(file: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw misuse(text.unusable({ file }), problems);
}

/** Reads services.yaml; `file` names it in complaints. OcibenchError (exit 2) with all that is wrong in it. */
export async function readPlanFile(path: string, file: string): Promise<PlanInput> {
  const source = await readPlainFile(path, { followLinks: true }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? refusal(text.unusable({ file }), { file, key: '' }, why.missing) : error;
  });
  const yaml = parseYamlText(source.toString('utf8'), file);
  if (!yaml.ok) throw misuse(text.unusable({ file }), yaml.problems);
  const checked = checkValue(planShape, yaml.value, file, planKeys);
  if (!checked.ok) throw misuse(text.unusable({ file }), checked.problems);
  return planInput(checked.data);
}

/** A profile that a service names, and the file that it was read from. */
export interface NamedProfile {
  readonly file: string;
  readonly profile: Profile;
}

/** The profiles that services name, by service, and what is wrong with others. Paths are relative to the plan's file. */
export async function readProfiles(
  { services }: PlanInput,
  file: string,
  results: string,
): Promise<{ readonly profiles: ReadonlyMap<string, NamedProfile>; readonly problems: readonly Problem[] }> {
  const profiles = new Map<string, NamedProfile>();
  const problems: Problem[] = [];
  for (const { name, profile } of services) {
    if (profile === null) continue;
    try {
      profiles.set(name, await findProfile(profile, { path: resolve(dirname(file), profile), results }));
    } catch (error) {
      if (!(error instanceof OcibenchError) || error.problems.length === 0) throw error;
      problems.push(...error.problems);
    }
  }
  return { profiles, problems };
}
