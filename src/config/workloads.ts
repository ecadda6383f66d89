import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatParams } from '../model/cell.ts';
import { exitCodes, OcibenchError, type Problem } from '../model/error.ts';
import type { ImageRecipe } from '../model/image.ts';
import { categorySchema } from '../model/metric.ts';
import type { Workload } from '../model/workload.ts';
import { requestProblems } from './container-requests.ts';

/** workloads/ beside src/, in the repository as in the built package. */
const shippedDirectory = resolve(import.meta.dirname, '../../workloads');
const imagesFolder = 'images';

/** Default exports of all .ts (or built .js) files below a directory, with their paths relative to it. */
async function defaultExports(directory: string): Promise<{ path: string; value: unknown }[]> {
  const names = await readdir(directory, { recursive: true });
  const files = names.filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts')).toSorted();
  return Promise.all(
    files.map(async (name) => {
      const module = (await import(pathToFileURL(join(directory, name)).href)) as { default?: unknown };
      return { path: name.replace(/\.(ts|js)$/, ''), value: module.default };
    }),
  );
}

/** Every image recipe, sorted by id. */
export async function loadRecipes(directory = shippedDirectory): Promise<readonly ImageRecipe[]> {
  const found = await defaultExports(join(directory, imagesFolder));
  return found.map(({ value }) => value as ImageRecipe);
}

/** What is wrong with a workload; `where` says how its problems name it, `path` is the id that its place gives it. */
function problemsOf(
  value: unknown,
  where: { readonly file: string; readonly prefix: string; readonly path: string },
  recipes: ReadonlySet<string>,
): Problem[] {
  const problem = (key: string, message: string, fix: string): Problem => ({
    file: where.file,
    key: `${where.prefix}${key}`,
    message,
    fix,
  });
  if (typeof value !== 'object' || value === null)
    return [problem('', 'has no default export', 'export default a Workload (src/model/workload.ts)')];
  const workload = value as Partial<Workload>;
  const { path } = where;
  const problems: Problem[] = [];
  if (workload.id !== path)
    problems.push(problem('id', `is '${workload.id}'`, `name it as its file: '${path}'`));
  if (!categorySchema.safeParse(workload.category).success || workload.category !== path.split('/')[0])
    problems.push(
      problem(
        'category',
        `is '${workload.category}'`,
        `name it as the first part of its id: '${path.split('/')[0]}'`,
      ),
    );
  const { image } = workload;
  if (image === undefined || (typeof image === 'string' && !recipes.has(image)))
    problems.push(
      problem(
        'image',
        `there is no recipe '${image}'`,
        `choose from: ${[...recipes].join(', ')}; or { reference: 'name:tag' }`,
      ),
    );
  if ((workload.metrics ?? []).length === 0)
    problems.push(problem('metrics', 'is empty', 'list at least the headline metric'));
  for (const name of ['container', 'parse'] as const)
    if (typeof workload[name] !== 'function')
      problems.push(problem(name, 'is missing', 'write it as a function (src/model/workload.ts)'));
  for (const [preset, sets] of Object.entries(workload.presets ?? {}))
    for (const params of sets)
      try {
        const unknown = Object.keys(params).filter((key) => !(key in (workload.parameters ?? {})));
        formatParams(params);
        for (const key of unknown)
          problems.push(
            problem(`presets.${preset}`, `parameter '${key}' is not described`, 'add it to parameters'),
          );
      } catch (error) {
        problems.push(problem(`presets.${preset}`, (error as Error).message, 'choose another value'));
      }
  // What a request says is looked at where everything that it is made from is there.
  if (problems.length > 0) return problems;
  return requestProblems(value as Workload).map(({ key, message, fix }) => problem(key, message, fix));
}

/** An id is `category/name`, as the path of a file would be. */
const idPattern = /^[a-z]+\/[a-z0-9][a-z0-9-]*$/;

function ownProblems(
  own: readonly Workload[],
  taken: ReadonlySet<string>,
  recipes: ReadonlySet<string>,
): Problem[] {
  const file = 'bench.config.ts';
  return own.flatMap((workload, index) => {
    const prefix = `ownWorkloads.${index}.`;
    const id = String(workload.id);
    const wrong = (message: string, fix: string): Problem[] => [{ file, key: `${prefix}id`, message, fix }];
    if (!idPattern.test(id))
      return wrong(`is '${id}'`, "write category/name in small letters, such as 'app/checkout'");
    if (taken.has(id) || own.findIndex((other) => other.id === id) < index)
      return wrong(`there is a workload '${id}' already`, 'choose another name');
    return problemsOf(workload, { file, prefix, path: id }, recipes);
  });
}

/**
 * Every workload under workloads/, sorted by id: one file each, found by its place; then those of bench.config.ts.
 * OcibenchError (exit 2) with all that is wrong with any of them.
 */
export async function loadWorkloads(
  own: readonly Workload[] = [],
  directory = shippedDirectory,
): Promise<readonly Workload[]> {
  const recipes = new Set((await loadRecipes(directory)).map((recipe) => recipe.id));
  const found = (await defaultExports(directory)).filter(({ path }) => !path.startsWith(`${imagesFolder}/`));
  const taken = new Set(found.map(({ path }) => path));
  const problems = [
    ...found.flatMap(({ path, value }) =>
      problemsOf(value, { file: `workloads/${path}.ts`, prefix: '', path }, recipes),
    ),
    ...ownProblems(own, taken, recipes),
  ];
  if (problems.length > 0)
    throw new OcibenchError('there are workloads that cannot be used', {
      exitCode: exitCodes.misuse,
      problems,
    });
  return [...found.map(({ value }) => value as Workload), ...own];
}
