import { defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/failure/error.ts';
import type { PlanFlags } from '../app/plan/flags.ts';

const words = messages('help.plan', {
  summary: 'plan how many hosts the services need under each runtime, and which services can move',
  services: 'YAML file that lists services, hosts and runtimes, such as examples/services.yaml',
  from: 'run that measured the cost of a sandbox: a run id, a path, an archive, "latest" (the default), or "reference" (the published run that comes with a clone of the source repository)',
  runtimes: 'only these runtimes, separated by commas (default: those in the file, or all in the run)',
  seed: 'seed of the random draws; the same seed gives the same plan (default: random)',
  draws: 'number of random draws from the measured intervals (default: 500)',
  budget: 'extra hosts allowed for the services that move, as a percentage (default: 10%)',
  html: 'also write a self-contained HTML page with tables; it needs no script and no network',
  table: 'hosts needed under each runtime of the newest run, and the services that can move',
  page: 'the same, as a page to share',
});
const said = messages('planCommand', { page: 'page  {path}' });

/** `ocibench capacity plan FILE`: exit 1 if services do not fit, or cannot be planned, under some runtime. */
export const command = defineCommand<PlanFlags & { readonly json?: boolean }>({
  name: 'capacity plan',
  order: 42.5,
  words: words.summary,
  arguments: [{ name: '<services>', words: words.services }],
  options: [
    { flags: '--from <run>', words: words.from },
    { flags: '--runtimes <names>', words: words.runtimes },
    { flags: '--budget <percent>', words: words.budget },
    { flags: '--draws <number>', words: words.draws },
    { flags: '--seed <number>', words: words.seed },
    { flags: '--html <file>', words: words.html },
    options.config,
    options.in,
    options.forPrograms,
    options.quiet,
    options.lang,
  ],
  examples: [
    { line: 'capacity plan services.yaml', words: words.table },
    { line: 'capacity plan services.yaml --budget 20% --seed 1 --html plan.html', words: words.page },
  ],
  async run({ app, terminal }, flags, [file = '']) {
    const { planServices } = await import('../app/plan/plan-hosts.ts');
    const { plan, lang } = await planServices(app, file, flags);
    if (flags.html !== undefined) {
      const { writePlanPage } = await import('../app/plan/write-page.ts');
      terminal.log(said.page({ path: await writePlanPage(app, plan, flags.html, lang) }));
    }
    if (flags.json) terminal.json(plan);
    else {
      const { planTable } = await import('../plan/report/terminal.ts');
      const width = terminal.resultWidth(120);
      terminal.paintedResult(planTable(plan, { lang, width, paint: terminal.paintResult }));
    }
    return plan.runtimes.every(({ best }) => best !== null) ? exitCodes.ok : exitCodes.someFailed;
  },
});
