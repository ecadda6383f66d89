import type { RunFlags } from '../../core/config/command-line.ts';
import { listed } from '../../core/messages/compose.ts';
import { messages, notices } from '../../core/messages/define.ts';
import { type ExitCode, exitCodes, misuse } from '../../core/model/failure/error.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { helpGroups } from '../help.ts';
import { choiceOptions, options } from '../options.ts';

const words = messages('help.doctor', {
  summary: 'check that this host is fit for measuring and that each runtime can run on it',
  install: 'install the missing Debian packages that the embedded engine needs; check nothing',
  lab: 'with --install: also install the packages that the lab needs',
  here: 'before the first run',
  root: 'as root: install what the embedded engine needs',
});
const text = messages('setup', {
  complete: 'everything that is needed is installed',
  installed: 'installed: {names}',
  optional: '{lack}:  {command}',
});
const refused = notices('setup', {
  alone: '--lab installs packages of the lab:  @(sudo doctor --install --lab)',
});

interface DoctorFlags extends RunFlags {
  readonly json?: boolean;
  readonly install?: boolean;
  readonly lab?: boolean;
}

/** `ocibench doctor`: exit 1 when a check fails. */
export const command = defineCommand<DoctorFlags>({
  name: 'doctor',
  order: 70,
  words: words.summary,
  group: helpGroups.host,
  options: [
    ...choiceOptions,
    options.forPrograms,
    { flags: '--install', words: words.install },
    { flags: '--lab', words: words.lab },
  ],
  examples: [
    { line: 'doctor', words: words.here },
    { line: 'doctor --install', wrap: 'sudo {command}', words: words.root },
  ],
  async run({ app, terminal }, flags) {
    if (flags.install) return install({ app, terminal }, flags.lab ?? false);
    if (flags.lab) throw misuse(refused.alone);
    const { diagnose } = await import('../../app/doctor.ts');
    const { diagnosisText } = await import('../diagnosis-text.ts');
    const { requestOf } = await import('../../app/measure/configuration.ts');
    return diagnose(app, await requestOf(app, flags, { here: true }), (diagnosis) => {
      if (flags.json) terminal.json(diagnosis, 1);
      else terminal.result(diagnosisText(diagnosis, terminal.lang));
    });
  },
});

/** Installs what the embedded engine and the images need; says what else would be useful. */
async function install({ app, terminal }: CommandContext, lab: boolean): Promise<ExitCode> {
  const { installMissing } = await import('../../app/setup.ts');
  const installed = await installMissing(app, { embedded: true, lab });
  const { requirements } = await import('../../app/requirements.ts');
  for (const { advice } of await requirements()) {
    const lack = (await advice?.()) ?? null;
    if (lack !== null) terminal.log(text.optional(lack));
  }
  terminal.log(installed.length === 0 ? text.complete : text.installed({ names: listed(installed) }));
  return exitCodes.ok;
}
