import type { Message } from '../../../messages/message.ts';
import type { SummaryRow } from '../../../model/analysis.ts';
import { subjectLabel } from '../../labels.ts';
import type { Spec } from './define.ts';
import { plotWidth } from './layout.ts';
import { chartWords } from './words.ts';

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

/** The rows of the first subjects, as many as fit. */
interface FirstSubjects<T> {
  readonly rows: readonly T[];
  /** Subjects drawn, and all subjects. */
  readonly shown: number;
  readonly total: number;
}

/** Maximum number of subjects: more runtimes make higher pictures. */
const maxPictures = (runtimes: number) => (runtimes > 4 ? 4 : 6);

/** Keeps the rows of the first subjects. */
export function firstSubjects<T extends SummaryRow>(rows: readonly T[]): FirstSubjects<T> {
  const subjects = [...new Set(rows.map(subjectLabel))];
  const runtimes = new Set(rows.map(({ runtime }) => runtime)).size;
  const kept = new Set(subjects.slice(0, maxPictures(runtimes)));
  return {
    rows: rows.filter((row) => kept.has(subjectLabel(row))),
    shown: kept.size,
    total: subjects.length,
  };
}

/** Note for a caption where not all subjects are drawn. */
export function subjectsLeftOut({ shown, total }: FirstSubjects<unknown>): Message | false {
  return shown < total && chartWords.subjectsShown({ shown, all: total });
}
