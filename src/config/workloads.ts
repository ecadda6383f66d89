import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatParams } from '../model/cell.ts';
import { exitCodes, OcibenchError, type Problem } from '../model/error.ts';
import type { ImageRecipe } from '../model/image.ts';
import { categorySchema } from '../model/metric.ts';
import type { Workload } from '../model/workload.ts';
import { workloadShape } from './workload-shape.ts';
import { checkValue, describeValue } from './zod-problems.ts';

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

interface Place {
  readonly file: string;
  /** Before the keys of its problems. */
  readonly prefix: string;
  /** The id that its place gives it. */
  readonly path: string;
}

/** What is wrong with a workload; `where` says how its problems name it. */
function problemsOf(value: unknown, where: Place, recipes: ReadonlySet<string>): readonly Problem[] {
  const problem = (key: string, message: string, fix: string): Problem => ({
    file: where.file,
    key: `${where.prefix}${key}`,
    message,
    fix,
  });
  if (typeof value !== 'object' || value === null)
    return [problem('', 'has no default export', 'export default a Workload (src/model/workload.ts)')];
  const shape = checkValue(workloadShape, value, where.file);
  const types = shape.ok ? [] : shape.problems.map(({ key, message, fix }) => problem(key, message, fix));
  const sound = (key: string) => !types.some((one) => `${one.key}.`.startsWith(`${where.prefix}${key}.`));
  const { path } = where;
  const { id, category, image, presets, parameters } = value as Workload;
  const expected = path.split('/')[0];
  const problems: Problem[] = [];
  if (sound('id') && id !== path)
    problems.push(problem('id', `is '${id}'`, `name it as its file: '${path}'`));
  if (sound('category') && (!categorySchema.safeParse(category).success || category !== expected))
    problems.push(
      problem('category', `is '${category}'`, `name it as the first part of its id: '${expected}'`),
    );
  if (sound('image') && typeof image === 'string' && !recipes.has(image))
    problems.push(
      problem(
        'image',
        `there is no recipe '${image}'`,
        `choose from: ${[...recipes].join(', ')}; or { reference: 'name:tag' }`,
      ),
    );
  problems.push(...types);
  if (!sound('presets') || !sound('parameters')) return problems;
  for (const [preset, sets] of Object.entries(presets))
    for (const params of sets)
      try {
        formatParams(params);
        for (const key of Object.keys(params).filter((key) => !Object.hasOwn(parameters, key)))
          problems.push(
            problem(`presets.${preset}`, `parameter '${key}' is not described`, 'add it to parameters'),
          );
      } catch (error) {
        problems.push(problem(`presets.${preset}`, (error as Error).message, 'choose another value'));
      }
  return problems;
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
    const { id }: { readonly id: unknown } = workload;
    const wrong = (message: string, fix: string): Problem[] => [{ file, key: `${prefix}id`, message, fix }];
    if (typeof id !== 'string' || !idPattern.test(id))
      return wrong(`is ${describeValue(id)}`, "write category/name in small letters, such as 'app/checkout'");
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
