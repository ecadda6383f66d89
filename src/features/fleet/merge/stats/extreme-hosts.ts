import { studentQuantile } from '../../../../core/analyze/stats/student-t.ts';

/** With fewer hosts nobody can say which one is unusual. */
export const leastForOutliers = 5;
/** From as many on the test holds its level for several outliers. */
const manyValues = 15;

/**
 * Positions of the values that are outliers of a normal sample: the generalised ESD test (B. Rosner, Technometrics 25 (1983) 165)
 * at level `alpha`, for at most a fifth of the values: unlike one test of the farthest, two outliers do not hide each other. Below
 * 15 values only the farthest is tested, as with more tries the level is not kept there (simulated). None below
 * {@link leastForOutliers} values.
 */
export function extremeHosts(values: readonly number[], alpha: number): readonly number[] {
  const n = values.length;
  if (n < leastForOutliers) return [];
  const left = values.map((value, position) => ({ value, position }));
  const removed: number[] = [];
  let outliers = 0;
  const most = n < manyValues ? 1 : Math.floor(n / 5);
  let sum = values.reduce((all, value) => all + value, 0);
  for (let step = 1; step <= most; step++) {
    const size = left.length;
    const centre = sum / size;
    const squares = left.reduce((all, { value }) => all + (value - centre) ** 2, 0);
    const spread = Math.sqrt(squares / (size - 1));
    if (!(spread > 0)) break;
    let far = 0;
    for (let i = 1; i < size; i++)
      if (Math.abs((left[i]?.value ?? 0) - centre) > Math.abs((left[far]?.value ?? 0) - centre)) far = i;
    const farthest = left[far];
    if (farthest === undefined) break;
    const t = -studentQuantile(alpha / (2 * size), size - 2);
    const critical = ((size - 1) * t) / Math.sqrt((size - 2 + t * t) * size);
    removed.push(farthest.position);
    if (Math.abs(farthest.value - centre) / spread > critical) outliers = step;
    sum -= farthest.value;
    left.splice(far, 1);
  }
  return removed.slice(0, outliers);
}
