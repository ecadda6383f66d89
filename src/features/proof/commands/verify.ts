import { defineCommand } from '../../../cli/command.ts';
import { helpGroups } from '../../../cli/help.ts';
import { options } from '../../../cli/options.ts';
import type { PrintFlags } from '../../../cli/print-run.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { VerifyFlags } from '../app/verify/verify.ts';

const words = messages('help.verify', {
  summary: 'check that a run is complete and consistent with its records; exit 1 if not',
  run: 'a run id, a path, or "latest" (the default); for several runs, archives (.tar.gz, .tar.zst), or directories of them, print a table',
  csv: 'print the table as CSV',
});

/** `ocibench verify RUN…` */
export const command = defineCommand<VerifyFlags & PrintFlags & { readonly csv?: boolean }>({
  name: 'verify',
  order: 36,
  words: words.summary,
  group: helpGroups.read,
  arguments: [{ name: '[run...]', words: words.run }],
  options: [options.in, options.namedConfig, { flags: '--csv', words: words.csv }, options.forPrograms],
  async run({ app, terminal }, flags, names) {
    const { verifyRun } = await import('../app/verify/verify.ts');
    const { isCollection, verifySeveral } = await import('../app/verify/verify-several.ts');
    const { holds } = await import('../verify/conclusion.ts');
    const tables = await import('../verify/table.ts');
    const [name = 'latest', ...others] = names;
    if (others.length === 0 && !flags.csv && !(await isCollection(app, name))) {
      const { commandApart } = await import('../../../cli/apart.ts');
      const apart = await commandApart({ app }, [name], flags.in);
      if (apart !== null) return apart;
      const { verification, lang } = await verifyRun(app, name, flags);
      if (flags.json) terminal.json(verification);
      else terminal.result(tables.verificationTable(verification, lang));
      return holds(verification.state) ? exitCodes.ok : exitCodes.someFailed;
    }
    const judged = await verifySeveral(app, [name, ...others], flags);
    const submissions = judged.map(({ submission }) => submission);
    const { lang } = terminal;
    const [only] = judged;
    if (flags.json) terminal.json({ submissions });
    else if (flags.csv) terminal.result(tables.submissionsCsv(submissions, lang).trimEnd());
    else if (judged.length === 1 && only?.verification)
      terminal.result(tables.verificationTable(only.verification, lang));
    else terminal.result(tables.submissionsTable(submissions, { lang, width: terminal.resultWidth(140) }));
    const all = submissions.every(
      ({ state }) => state !== 'copied' && state !== 'unreadable' && holds(state),
    );
    return all ? exitCodes.ok : exitCodes.someFailed;
  },
});
