import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';

/** A figure of a run that no measurement gives. */
export interface ImpossibleFigure {
  /** Key of the question that it would answer. */
  readonly key: string;
  /** Key of its category, which has no vote either. */
  readonly place: string;
  /** Runtime, layer, and workload or category. */
  readonly what: string;
  readonly figure: number;
}

/** Costs as factors of the baseline lie between these; so do their inverses. */
const [least, most] = [1e-6, 1e6];

/** The first of a cost and the ends of its interval that no measurement gives: 0, below 0, no number, or beyond 1e-6 … 1e6. */
export function impossibleOf(figures: readonly (number | null)[]): number | null {
  return figures.find((figure) => figure !== null && !(figure >= least && figure <= most)) ?? null;
}

/** `crun docker startup/echo` */
export function whatOf(of: Pick<SummaryRow, 'runtime' | 'layer' | 'workload' | 'params'>): string {
  const { runtime, layer, workload, params } = of;
  return [runtime, layer, workload, params].filter((part) => part !== '').join(' ');
}

/** `crun docker startup/echo = -3` */
export function figureShown({ what, figure }: ImpossibleFigure): string {
  return `${what} = ${Number(figure.toPrecision(6))}`;
}
