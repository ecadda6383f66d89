import { defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/error.ts';
import type { PlanFlags } from '../app/plan/flags.ts';

const words = messages('help.plan', {
  summary: 'plan how many hosts services need under each runtime, and which can move',
  services: 'services, hosts and runtimes, as YAML; an example is in examples/services.yaml',
  from: 'run with the costs of a sandbox: a run id, a path, an archive, reference, or latest (the default)',
  runtimes: 'only these runtimes, separated by commas (default: those of the file, or all of the run)',
  seed: 'seed of the draws; the same seed gives the same plan (default: random)',
  draws: 'number of draws (default: 500)',
  budget: 'how many more hosts the services that move may need (default: 10%)',
  html: 'also write a self-contained page with tables and charts: no script, no network',
  table: 'hosts under every runtime of the newest run, and what can move',
  page: 'the same as a page to share',
});
const said = messages('planCommand', { page: 'page  {path}' });

/** `ocibench capacity plan FILE`: exit 1 if services do not fit, or cannot be planned, under some runtime. */
export const command = defineCommand<PlanFlags & { readonly json?: boolean }>({
  name: 'capacity plan',
  order: 42.5,
  words: words.summary,
  arguments: [{ name: '<services>', words: words.services }],
  options: [
    { flags: '--from <run>', words: words.from, completes: 'runs' },
    { flags: '--runtimes <names>', words: words.runtimes, completes: 'runtimes' },
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
