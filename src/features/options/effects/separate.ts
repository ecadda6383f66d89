/** An effect that a design may estimate: a main effect of a factor's level, or an interaction of two factors. */
export interface Effect {
  /** Indices of its one or two factors. */
  readonly factors: readonly number[];
  /** The level of each. */
  readonly levels: readonly number[];
  /** The reference level of each. */
  readonly references: readonly number[];
}

/** An effect with its estimate from the given arms, next to the model's other effects. */
export interface EstimatedEffect extends Effect {
  /**
   * One weight per arm: the effect is the weighted sum of the arms' values. null where the arms do not give it an
   * estimate that is distinct from those of other effects.
   */
  readonly weights: readonly number[] | null;
  /** Effects that are confounded with it. */
  readonly aliases: readonly Effect[];
}

/** A column of the linear model. A main effect is the difference between two levels, averaged over the other factors. */
interface Column extends Effect {
  readonly values: readonly number[];
}

/** For each factor, the levels that occur in these arms. */
function levelsIn(arms: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const [first = []] = arms;
  return first.map((_, factor) => [...new Set(arms.map((arm) => arm[factor] ?? 0))].sort((a, b) => a - b));
}

/**
 * Indicator columns (1 at the level, 0 elsewhere), centred, so that the coefficient of a product is the difference
 * between two differences, and the other coefficients keep their meaning next to it.
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

/** Relative size of the remainder below which a column counts as lying in the span of others. */
const tolerance = 1e-9;

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

/**
 * Main effects and two-way interactions from the given arms, by least squares: exact where the arms are balanced, and
 * as many effects as can be estimated where some arms are missing. Higher interactions are assumed to be zero. An
 * effect is left out where no arm has its level, or no arm has its reference level.
 */
export function separate(arms: readonly (readonly number[])[]): readonly EstimatedEffect[] {
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
  return columns.map((column): EstimatedEffect => {
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

/**
 * The part of a column that is orthogonal to an orthonormal basis. It is projected twice, since once leaves rounding
 * errors.
 */
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
 * Rows of R⁻¹Qᵀ, one for each kept column: `along` are the columns of R below the row of the mean, `basis` those of Q,
 * of which the first is the mean. Solved from the last column backwards.
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

/**
 * Can the effect be separated from every main effect and two-way interaction? A main effect may be confounded with
 * interactions, which are then named with it.
 */
export function isSeparable({ factors, weights, aliases }: EstimatedEffect): boolean {
  if (weights === null) return false;
  return factors.length === 1 ? aliases.every((alias) => alias.factors.length > 1) : aliases.length === 0;
}

/** `directfs`, or `directfs×overlay2`. */
export function termName({ factors }: Pick<Effect, 'factors'>, names: readonly string[]): string {
  return factors.map((factor) => names[factor] ?? '').join('×');
}
