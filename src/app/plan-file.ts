import { dirname, resolve } from 'node:path';
import { planInput, planKeys } from '../config/plan-input.ts';
import { planShape } from '../config/plan-shape.ts';
import { parseYamlText } from '../config/yaml-text.ts';
import { checkValue } from '../config/zod-problems.ts';
import { readPlainFile } from '../files/plain-file.ts';
import { notices, reasons } from '../messages/define.ts';
import { exitCodes, OcibenchError, type Problem, problemOf } from '../model/error.ts';
import type { PlanInput } from '../model/plan-input.ts';
import { type Profile, profileSchema } from '../model/profile.ts';
import { validate } from '../store/validate.ts';

const text = notices('planFile', { unusable: '{file} cannot be planned' });
const why = reasons('planFile', {
  missing: { message: 'does not exist', fix: 'name a file; an example is in examples/services.yaml' },
  noProfile: { message: '{path} does not exist', fix: 'make it:  {program} profile --container NAME' },
  notProfile: {
    message: '{path} is not a profile.json of this version of ocibench ({key})',
    fix: 'name the profile.json of a directory that  {program} profile  wrote',
  },
  unreadable: { message: '{path} cannot be read: {said}', fix: 'name a regular file' },
});

/** OcibenchError (exit 2) that names every problem of the plan's file. */
export function refusePlan(file: string, problems: readonly Problem[]): void {
  if (problems.length > 0)
    throw new OcibenchError(text.unusable({ file }), { exitCode: exitCodes.misuse, problems });
}

/** Reads services.yaml. OcibenchError (exit 2) with all that is wrong in it. */
export async function readPlanFile(file: string, workingDirectory: string): Promise<PlanInput> {
  const source = await readPlainFile(resolve(workingDirectory, file), { followLinks: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      refusePlan(file, [problemOf({ file, key: '' }, why.missing)]);
      throw error;
    },
  );
  const yaml = parseYamlText(source.toString('utf8'), file);
  if (!yaml.ok) {
    refusePlan(file, yaml.problems);
    throw new TypeError('unusable YAML has problems');
  }
  const checked = checkValue(planShape, yaml.value, file, planKeys);
  if (!checked.ok) {
    refusePlan(file, checked.problems);
    throw new TypeError('an unusable plan has problems');
  }
  return planInput(checked.data);
}

/** The profiles that services name, by service, and what is wrong with others. Paths are relative to the plan's file. */
export async function readProfiles(
  { services }: PlanInput,
  file: string,
  { workingDirectory, program }: { readonly workingDirectory: string; readonly program: string },
): Promise<{ readonly profiles: ReadonlyMap<string, Profile>; readonly problems: readonly Problem[] }> {
  const profiles = new Map<string, Profile>();
  const problems: Problem[] = [];
  const from = dirname(resolve(workingDirectory, file));
  for (const [at, { name, profile: path }] of services.entries()) {
    if (path === null) continue;
    const place = { file, key: `services.${at}.profile` };
    try {
      // Somebody else may have written the plan: no link leads to a file that it should not name.
      const json = await readPlainFile(resolve(from, path), { followLinks: false });
      const parsed = validate(profileSchema, parseJson(json.toString('utf8')));
      if (parsed.success) profiles.set(name, parsed.data);
      else {
        const key = parsed.error.issues[0]?.path.map(String).join('.') || 'JSON';
        problems.push(problemOf(place, why.notProfile({ path, key, program })));
      }
    } catch (error) {
      problems.push(problemOf(place, unread(error as NodeJS.ErrnoException, path, program)));
    }
  }
  return { profiles, problems };
}

function unread(error: NodeJS.ErrnoException, path: string, program: string) {
  if (error.code === 'ENOENT') return why.noProfile({ path, program });
  const said = error instanceof OcibenchError ? (error.problems[0]?.message ?? error.message) : error.message;
  return why.unreadable({ path, said });
}

/** null where it is no JSON: a parser's message could quote a file that nobody meant to show. */
function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return null;
  }
}
