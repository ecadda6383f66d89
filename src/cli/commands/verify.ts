import type { VerifyFlags } from '../../app/verify.ts';
import { messages } from '../../messages/define.ts';
import { exitCodes } from '../../model/error.ts';
import { defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { options } from '../options.ts';
import type { PrintFlags } from '../print-run.ts';

const words = messages('help.verify', {
  summary: 'do the published files of a run follow from its raw records? exit 1 where one does not',
  run: 'a run id, a path, or latest (the default)',
  out: 'where results/ and charts/ are (default: this directory)',
});

/** `ocibench verify RUN` */
export const command = defineCommand<VerifyFlags & PrintFlags>({
  name: 'verify',
  order: 75,
  words: words.summary,
  group: helpGroups.results,
  arguments: [{ name: '[run]', words: words.run, completes: 'runs' }],
  options: [{ flags: '--out <dir>', words: words.out }, options.namedConfig, options.forPrograms],
  async run({ app, terminal }, flags, [name = 'latest']) {
    const { verifyRun } = await import('../../app/verify.ts');
    const { verificationTable } = await import('../../report/verification-table.ts');
    const { verification, lang } = await verifyRun(app, name, flags);
    if (flags.json) terminal.json(verification);
    else terminal.result(verificationTable(verification, lang));
    return verification.follows ? exitCodes.ok : exitCodes.someFailed;
  },
});
