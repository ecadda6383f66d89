import { resolve } from 'node:path';
import { checkValue } from '../../../core/config/zod-problems.ts';
import { readPlainFile } from '../../../core/files/plain-file.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { misuse, type OcibenchError, type Problem, problemOf } from '../../../core/model/failure/error.ts';
import { type MoveRecord, moveSchema } from '../record.ts';
import { parseJson } from '../trying/container-state.ts';

const text = notices('move', { noBefore: 'the move before cannot be compared with' });
const why = reasons('move.before', {
  notJson: { message: 'is no JSON', fix: 'name the move.json of a directory results/move-…' },
  otherTargets: { message: 'was not tried under {targets}', fix: 'compare moves to the same runtimes' },
  otherBaseline: {
    message: 'has the baseline {is}, not {wanted}',
    fix: 'compare moves with the same baseline',
  },
});

/** Reads the move of `--compare`; null where none is named. OcibenchError (exit 2) where it is none, or cannot be compared. */
export async function readBefore(
  name: string | undefined,
  directory: string,
  { targets, baseline }: { readonly targets: readonly string[]; readonly baseline: string },
): Promise<MoveRecord | null> {
  if (name === undefined) return null;
  const refuse = (problems: readonly Problem[]): OcibenchError => misuse(text.noBefore, problems);
  const content = await readPlainFile(resolve(directory, name), { followLinks: true });
  const value = parseJson(content.toString('utf8'));
  if (value === undefined) throw refuse([problemOf(name, why.notJson)]);
  const checked = checkValue(moveSchema, value, name);
  if (!checked.ok) throw refuse(checked.problems);
  const before = checked.data;
  const missing = targets.filter((target) => !before.targets.includes(target));
  const problems = [
    ...(missing.length === 0
      ? []
      : [problemOf({ file: name, key: 'targets' }, why.otherTargets({ targets: missing.join(', ') }))]),
    ...(before.baseline === baseline
      ? []
      : [
          problemOf(
            { file: name, key: 'baseline' },
            why.otherBaseline({ is: before.baseline, wanted: baseline }),
          ),
        ]),
  ];
  if (problems.length > 0) throw refuse(problems);
  return before;
}
