import type { AppContext } from '../../../../app/context.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { external } from '../../../../core/messages/compose.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { formatProblem, OcibenchError } from '../../../../core/model/error.ts';
import type { GateResult } from '../../../../core/model/gate.ts';
import { exportedAs, writeExport } from '../history/export.ts';
import { historyIn } from '../history/history-file.ts';
import { notifyNew } from '../notify/notify.ts';
import type { AfterSettings } from './after-settings.ts';
import type { NightlySettings } from './settings.ts';

const text = notices('nightly', {
  notExported: '{what} was not written: {why}',
  notNotified: 'alarms were not told: {why}',
});

type After = AfterSettings & Pick<NightlySettings, 'history'>;

/** Tells of new alarms, and writes the exports: the night is written down, so what fails here is said and is no failure of it. */
export async function afterNight(
  app: AppContext,
  { history, notify, exports }: After,
  gate: readonly GateResult[],
): Promise<void> {
  const { reporter } = app;
  const attempt = (failed: (why: Message) => Message, work: () => Promise<unknown>) =>
    work().catch((error: unknown) => reporter.warn(failed(external(reasonOf(error, reporter.lang)))));
  if (notify !== null)
    await attempt(
      (why) => text.notNotified({ why }),
      () => notifyNew(app, notify, history),
    );
  const { formats, directory } = exports;
  if (formats.length === 0) return;
  await attempt(
    (why) => text.notExported({ what: directory, why }),
    async () => {
      const opened = await historyIn(history, reporter.lang);
      for (const format of formats)
        await attempt(
          (why) => text.notExported({ what: format, why }),
          async () => {
            const exported = exportedAs(app, opened, format, { host: hostIdentity(), since: null, gate });
            return writeExport(app, directory, exported);
          },
        );
    },
  );
}

function reasonOf(error: unknown, lang: AppContext['reporter']['lang']): string {
  if (!(error instanceof OcibenchError)) return String(error);
  return [error.message, ...error.problems.map((problem) => formatProblem(problem, lang))].join('\n');
}
