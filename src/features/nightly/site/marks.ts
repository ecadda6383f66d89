import { changesBetween } from '../history/changes.ts';
import type { HeadlineLine } from '../history/record.ts';
import type { Mark } from './data.ts';

/** The nights of a series in which something was another version than the night before. */
export function marksOf(lines: readonly HeadlineLine[]): readonly Mark[] {
  return lines.flatMap((line, i): readonly Mark[] => {
    const before = lines[i - 1];
    if (before === undefined) return [];
    const changes = changesBetween(before, line).map(({ name, before: was, after: is }) => ({
      ...{ what: name, was, is },
    }));
    const kind = before.key === line.key ? 'version' : 'segment';
    if (kind === 'version' && changes.length === 0) return [];
    return [{ at: line.at, night: line.night, kind, changes }];
  });
}
