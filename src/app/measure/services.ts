import { serviceWorkloads } from '../../../workloads/lib/service-workloads.ts';
import { loadRecipes } from '../../core/config/workloads.ts';
import { listed } from '../../core/messages/compose.ts';
import { notices, reasons } from '../../core/messages/define.ts';
import { misuse, type Problem, problemOf } from '../../core/model/error.ts';
import { nearest } from '../../core/model/nearest.ts';
import { recipeOf, type Service } from '../../core/model/service.ts';
import type { Workload } from '../../core/model/workload.ts';

const text = notices('services', { unusable: 'a service cannot be measured' });
const why = reasons('services', {
  noRecipe: { message: "there is no recipe ''{id}''", fix: 'choose from: {names}' },
  misspeltRecipe: {
    message: "there is no recipe ''{id}''",
    fix: "did you mean ''recipe:{guess}''? there are: {names}",
  },
});

function recipeProblems({ name, image, load }: Service, known: readonly string[]): readonly Problem[] {
  return [image, load?.image ?? '']
    .map(recipeOf)
    .filter((id) => id !== null && !known.includes(id))
    .map((id) => {
      const guess = nearest(id ?? '', known);
      const found = { id: id ?? '', names: listed(known) };
      const reason = guess === null ? why.noRecipe(found) : why.misspeltRecipe({ ...found, guess });
      return problemOf({ file: 'services', key: name }, reason);
    });
}

/** The workloads of services. OcibenchError (exit 2) where a recipe is unknown. */
export async function workloadsOfServices(services: readonly Service[]): Promise<readonly Workload[]> {
  if (services.length === 0) return [];
  const known = (await loadRecipes()).map(({ id }) => id);
  const problems = services.flatMap((service) => recipeProblems(service, known));
  if (problems.length > 0) throw misuse(text.unusable, problems);
  return services.flatMap(serviceWorkloads);
}
