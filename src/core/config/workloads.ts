import { join, relative } from 'node:path';
import { listed } from '../messages/compose.ts';
import { messages, type Reason, reasons } from '../messages/define.ts';
import { misuse, type Problem, problemOf } from '../model/failure/error.ts';
import { formatParams } from '../model/trial/cell.ts';
import type { ImageRecipe } from '../model/workload/image.ts';
import { categorySchema, holdsTestsOf } from '../model/workload/metric.ts';
import type { Workload } from '../model/workload/workload.ts';
import { foundModules } from '../modules/default-exports.ts';
import { requestProblems } from './container-requests.ts';
import { problemsIn } from './rule.ts';
import { imagesFolder, otherFolders, shippedDirectory, workloadFolders } from './workload-ids.ts';
import { workloadShape } from './workload-shape.ts';
import { checkValue, describeValue } from './zod-problems.ts';

const words = messages('workload', { unusable: 'some workloads cannot be used' });

const text = reasons('workload', {
  noExport: {
    message: 'has no default export',
    fix: 'export default a Workload (src/core/model/workload/workload.ts)',
  },
  otherId: { message: "is ''{id}''", fix: "name it after its file: ''{path}''" },
  noCategory: { message: "is ''{category}'', which is no category", fix: 'choose from: {categories}' },
  otherCategory: {
    message: "is ''{category}'', which does not hold tests whose first metric is in {unit}",
    fix: 'choose from: {categories}',
  },
  noRecipe: {
    message: "there is no recipe ''{image}''",
    fix: "choose from: {recipes}; or '{ reference: ''name:tag'' }'",
  },
  undescribed: { message: "parameter ''{name}'' is not described", fix: 'add it to parameters' },
  badParams: { message: '{cause}', fix: 'choose another value' },
  badId: {
    message: 'is {value}',
    fix: "write category/name in lowercase, such as 'app/checkout'",
  },
  idTaken: { message: "there is already a workload ''{id}''", fix: 'choose another name' },
});

/** Every image recipe, sorted by id. */
export async function loadRecipes(directory = shippedDirectory): Promise<readonly ImageRecipe[]> {
  const found = await foundModules(join(directory, imagesFolder), { recursive: true });
  return found.map(({ module }) => module.default as ImageRecipe);
}

interface WorkloadLocation {
  readonly file: string;
  /** Prefix of the keys in the workload's problems. */
  readonly prefix: string;
  /** The id given by its path. */
  readonly path: string;
}

/** Errors of a workload; `where`: file and key of its problems. */
function problemsOf(
  value: unknown,
  where: WorkloadLocation,
  recipes: ReadonlySet<string>,
): readonly Problem[] {
  const problem = (key: string, reason: Reason) =>
    problemOf({ file: where.file, key: `${where.prefix}${key}` }, reason);
  if (typeof value !== 'object' || value === null) return [problem('', text.noExport)];
  const shape = checkValue(workloadShape, value, where.file);
  const types = shape.ok ? [] : shape.problems.map((one) => ({ ...one, key: `${where.prefix}${one.key}` }));
  const sound = (key: string) => !types.some((one) => `${one.key}.`.startsWith(`${where.prefix}${key}.`));
  const { path } = where;
  const { id, category, image, metrics, presets, parameters } = value as Workload;
  const problems: Problem[] = [];
  if (sound('id') && id !== path) problems.push(problem('id', text.otherId({ id, path })));
  if (sound('category')) {
    const metric = sound('metrics') ? metrics[0] : undefined;
    const fitting = categorySchema.options.filter((each) => holdsTestsOf(each, metric));
    const choice = { category, categories: listed(fitting) };
    if (!categorySchema.safeParse(category).success)
      problems.push(problem('category', text.noCategory(choice)));
    else if (!fitting.includes(category))
      problems.push(problem('category', text.otherCategory({ ...choice, unit: metric?.unit ?? '' })));
  }
  if (sound('image') && typeof image === 'string' && !recipes.has(image))
    problems.push(problem('image', text.noRecipe({ image, recipes: listed([...recipes]) })));
  problems.push(...types);
  if (!sound('presets') || !sound('parameters')) return problems;
  for (const [preset, sets] of Object.entries(presets))
    for (const params of sets)
      try {
        formatParams(params);
        for (const key of Object.keys(params).filter((key) => !Object.hasOwn(parameters, key)))
          problems.push(problem(`presets.${preset}`, text.undescribed({ name: key })));
      } catch (error) {
        problems.push(problem(`presets.${preset}`, text.badParams({ cause: (error as Error).message })));
      }
  // A request is checked only where all of its inputs are valid.
  if (problems.length > 0) return problems;
  return problemsIn(where.file, requestProblems(value as Workload), where.prefix);
}

/** An id is `category/name`, like the path of a file. */
const idPattern = /^[a-z]+\/[a-z0-9][a-z0-9-]*$/;

function ownProblems(
  own: readonly Workload[],
  taken: ReadonlySet<string>,
  recipes: ReadonlySet<string>,
  file: string,
): readonly Problem[] {
  return own.flatMap((workload, index): readonly Problem[] => {
    const prefix = `ownWorkloads.${index}.`;
    const { id }: { readonly id: unknown } = workload;
    const wrong = (reason: Reason) => [problemOf({ file, key: `${prefix}id` }, reason)];
    if (typeof id !== 'string' || !idPattern.test(id)) return wrong(text.badId({ value: describeValue(id) }));
    if (taken.has(id) || own.findIndex((other) => other.id === id) < index)
      return wrong(text.idTaken({ id }));
    return problemsOf(workload, { file, prefix, path: id }, recipes);
  });
}

/**
 * Load every workload under workloads/ and in the features' folders of that name, sorted by id (one per file, found by path),
 * then the configuration's own.
 * OcibenchError (exit 2) with all errors of all workloads. `file`: the configuration's name in complaints.
 */
export async function loadWorkloads(
  own: readonly Workload[] = [],
  directory = shippedDirectory,
  file = 'bench.config.ts',
): Promise<readonly Workload[]> {
  const recipes = new Set((await loadRecipes(directory)).map((recipe) => recipe.id));
  const except = (name: string) => otherFolders.some((folder) => name.startsWith(`${folder}/`));
  const modules = await Promise.all(
    workloadFolders(directory).map(async (folder) =>
      (await foundModules(folder, { recursive: true, except })).map(({ path, module }) => ({
        path,
        value: module.default,
        file: `${folder === directory ? 'workloads' : relative(join(directory, '..'), folder)}/${path}.ts`,
      })),
    ),
  );
  const found = modules.flat().toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const taken = new Set(found.map(({ path }) => path));
  const problems = [
    ...found.flatMap(({ path, value, file }) => problemsOf(value, { file, prefix: '', path }, recipes)),
    ...ownProblems(own, taken, recipes, file),
  ];
  if (problems.length > 0) throw misuse(words.unusable, problems);
  return [...found.map(({ value }) => value as Workload), ...own];
}
