/** An effect that a design may tell: what a level of a factor changes, or how two such changes depend on each other. */
export interface Effect {
  /** Places of its one or two factors. */
  readonly factors: readonly number[];
  /** The level of each. */
  readonly levels: readonly number[];
  /** What each of these is compared with. */
  readonly references: readonly number[];
}

/** An effect beside the model's other effects, in the arms that there are. */
export interface Separated extends Effect {
  /**
   * One weight an arm: the effect is the weighted sum of the arms' values. null where the arms give it no estimate that is not
   * another's.
   */
  readonly weights: readonly number[] | null;
  /** Effects that its estimate holds as well, or whose estimates hold it. */
  readonly aliases: readonly Effect[];
}

/** The columns of the linear model: a main effect is the difference between two levels, averaged over the other factors. */
interface Column extends Effect {
  readonly values: readonly number[];
}

/** The levels that occur in these arms, of each factor. */
function levelsIn(arms: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const [first = []] = arms;
  return first.map((_, factor) => [...new Set(arms.map((arm) => arm[factor] ?? 0))].sort((a, b) => a - b));
}

/**
 * 1 at the level, 0 elsewhere, and centred, so that the coefficient of a product is the difference between two differences, and
 * other coefficients keep their meaning beside it.
 */
function mainColumns(arms: readonly (readonly number[])[]): readonly Column[] {
  return levelsIn(arms).flatMap((present, factor) => {
    const [reference = 0, ...others] = present;
    return others.map((level) => ({
      factors: [factor],
      levels: [level],
      references: [reference],
      values: arms.map((arm) => Number(arm[factor] === level) - 1 / present.length),
    }));
  });
}

function interactionColumns(mains: readonly Column[]): readonly Column[] {
  return mains.flatMap((a, at) =>
    mains
      .slice(at + 1)
      .filter((b) => a.factors[0] !== b.factors[0])
      .map((b) => ({
        factors: [...a.factors, ...b.factors],
        levels: [...a.levels, ...b.levels],
        references: [...a.references, ...b.references],
        values: a.values.map((value, arm) => value * (b.values[arm] ?? 0)),
      })),
  );
}

/** A column is in the span of others where so little of it is left beside them. */
const tolerance = 1e-9;

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

/**
 * Main effects and two-way interactions of the arms that there are, by least squares: exact where the arms are balanced, and
 * what can be told where some are missing. Higher interactions are taken as nil. An effect is left out where an arm with
 * its level, or with the level that it is compared with, is missing altogether.
 */
export function separate(arms: readonly (readonly number[])[]): readonly Separated[] {
  const mains = mainColumns(arms);
  const columns = [...mains, ...interactionColumns(mains)];
  const basis: number[][] = [arms.map(() => 1 / Math.sqrt(arms.length))];
  const [kept, along, dropped]: [Column[], number[][], Column[]] = [[], [], []];
  for (const column of columns) {
    const rest = beside(column.values, basis);
    const size = Math.sqrt(dot(rest, rest));
    if (size <= tolerance * Math.sqrt(dot(column.values, column.values) || 1)) dropped.push(column);
    else {
      basis.push(rest.map((value) => value / size));
      kept.push(column);
      along.push(basis.map((each) => dot(each, column.values)));
    }
  }
  const weights = inverse(along, basis);
  const holds = (own: readonly number[], { values }: Column) => Math.abs(dot(own, values)) > tolerance;
  return columns.map((column): Separated => {
    const own = weights[kept.indexOf(column)] ?? null;
    const aliases =
      own === null
        ? kept.filter((_, at) => holds(weights[at] ?? [], column))
        : dropped.filter((other) => holds(own, other));
    return { ...asEffect(column), weights: own, aliases: aliases.map(asEffect) };
  });
}

function asEffect({ factors, levels, references }: Column): Effect {
  return { factors, levels, references };
}

/** What is left of a column beside an orthonormal basis; projected twice, since once leaves rounding errors. */
function beside(values: readonly number[], basis: readonly (readonly number[])[]): readonly number[] {
  let rest = values;
  for (let pass = 0; pass < 2; pass++)
    for (const each of basis) {
      const along = dot(each, rest);
      rest = rest.map((value, at) => value - along * (each[at] ?? 0));
    }
  return rest;
}

/**
 * Rows of R⁻¹Qᵀ, one a kept column: `along` are the columns of R below the mean's row, `basis` those of Q, of which the first
 * is the mean. Solved from the last column backwards.
 */
function inverse(
  along: readonly (readonly number[])[],
  basis: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const rows = new Array<readonly number[]>(along.length).fill([]);
  for (let at = along.length - 1; at >= 0; at--) {
    let row = basis[at + 1] ?? [];
    for (let later = at + 1; later < along.length; later++) {
      const share = along[later]?.[at + 1] ?? 0;
      const own = rows[later] ?? [];
      row = row.map((value, arm) => value - share * (own[arm] ?? 0));
    }
    const size = along[at]?.[at + 1] ?? 1;
    rows[at] = row.map((value) => value / size);
  }
  return rows.map((row) => row.map((value) => (Math.abs(value) < tolerance ? 0 : value)));
}

/** Can it be told from every main effect and two-way interaction? A main effect may hold interactions, which are named beside it. */
export function isSeparable({ factors, weights, aliases }: Separated): boolean {
  if (weights === null) return false;
  return factors.length === 1 ? aliases.every((alias) => alias.factors.length > 1) : aliases.length === 0;
}

/** `directfs`, or `directfs×overlay2`. */
export function termName({ factors }: Pick<Effect, 'factors'>, names: readonly string[]): string {
  return factors.map((factor) => names[factor] ?? '').join('×');
}

/** Groups of terms that the arms cannot tell from each other, each in the order of the model. */
export function aliasGroups(
  arms: readonly (readonly number[])[],
  names: readonly string[],
): readonly (readonly string[])[] {
  const groups: Set<string>[] = [];
  for (const effect of separate(arms)) {
    if (effect.aliases.length === 0) continue;
    const terms = [effect, ...effect.aliases].map((each) => termName(each, names));
    const touched = groups.filter((group) => terms.some((term) => group.has(term)));
    const [into = new Set<string>()] = touched;
    if (touched.length === 0) groups.push(into);
    for (const term of [...touched.slice(1).flatMap((group) => [...group]), ...terms]) into.add(term);
    for (const other of touched.slice(1)) groups.splice(groups.indexOf(other), 1);
  }
  return groups.map((group) => [...group]);
}
