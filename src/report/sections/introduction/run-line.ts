import { messages } from '../../../core/messages/define.ts';
import { engineTraits, productOf } from '../../../core/model/engine-kind.ts';
import { dockerVersions } from '../../../core/model/run.ts';
import type { ReportContext } from '../../context.ts';
import { type Block, quiet } from '../../document.ts';
import { formatCount, formatInstant } from '../../format.ts';

const words = messages('section.runLine', {
  text: '{product} {version} ({kind}), preset {preset}, baseline {baseline}: {runtimes} {runtimes, plural, one {runtime} other {runtimes}}, {subjects} {subjects, plural, one {subject} other {subjects}}, {blocks} {blocks, plural, one {block} other {blocks}}, {count} trials{ended}.',
  ended: '; ended {time}',
});

/** Engine and size of the run, and when it ended. */
export function runLine({ run, analysis, trials, lang, t }: ReportContext): Block {
  const { engine, finishedAt, config, subjects } = run;
  return quiet(
    t(
      words.text({
        product: productOf(engine),
        version: dockerVersions(run),
        kind: engineTraits(engine).described,
        preset: config.preset,
        baseline: analysis.baseline,
        runtimes: run.runtimes.filter(({ preflight }) => preflight.status === 'available').length,
        subjects: subjects.length,
        blocks: analysis.blocks,
        count: formatCount(trials.length, lang),
        ended: finishedAt === null ? '' : words.ended({ time: formatInstant(finishedAt) }),
      }),
    ),
  );
}
