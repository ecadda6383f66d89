import type { Spec } from './define.ts';
import { plotWidth } from './layout.ts';

/** Small pictures per row, their width (px), and characters per line of the subtitle. */
interface PictureGrid {
  readonly columns: number;
  readonly width: number;
  readonly subtitle: number;
}

/** The grid for `count` small pictures. */
export function pictureGrid(count: number): PictureGrid {
  return count > 3
    ? { columns: 2, width: 400, subtitle: 136 }
    : { columns: 1, width: plotWidth, subtitle: 108 };
}

/** A small picture per subject, with its name as title. `spec`: of each, without width. */
export function facets(values: readonly Spec[], subjects: readonly string[], spec: Spec): Spec {
  const { columns, width } = pictureGrid(subjects.length);
  return {
    data: { values },
    facet: {
      field: 'subject',
      type: 'nominal',
      sort: subjects,
      header: { labelAngle: 0, labelOrient: 'top', labelAnchor: 'start', labelLimit: width },
    },
    columns,
    spacing: 14,
    spec: { width, ...spec },
  };
}
