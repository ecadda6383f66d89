import { type Conclusion, isClaim, isRight, type Judged } from './conclusion.ts';
import { falseClaims } from './false-claims.ts';
import { asMeasured, hosts } from './host.ts';
import { type Page, type Part, percent, shareOf } from './page.ts';
import { quick, quickDisturbed, standard } from './reference-shape.ts';
import { sampleRuns } from './run-sample.ts';
import { crunCosts, crunStarts } from './truth.ts';

const categories = ['startup', 'app', 'io', 'syscall', 'memory', 'network', 'cpu'];

/** Hosts on which differences are looked for. */
const forPower = hosts.filter(({ name }) =>
  ['as measured', 'normal noise', 'outliers, one in 20 up to 5×'].includes(name),
);

function powerTable(page: Page, runs: number): void {
  page.text(`What is said of crun where it truly costs more in every subject (${runs} runs a row):`);
  page.table([
    'run',
    'host',
    'difference',
    'workloads claimed',
    'right',
    'false',
    ...categories.map((category) => `${category} claimed`),
  ]);
  for (const shape of [quick, standard])
    for (const host of forPower)
      for (const effect of shape === quick ? [0.05, 0.1, 0.3] : [0.05, 0.1]) {
        const { conclusions } = sampleRuns(shape, crunCosts(1 + effect), host, runs);
        const own = crunOf(conclusions);
        const shares = [
          shareOf(own, ({ verdict }) => isClaim(verdict)),
          shareOf(own, isRight),
          falseClaims(conclusions, 'crun').either,
          ...categories.map((category) =>
            shareOf(
              categoriesOf(conclusions).filter((each) => each.category === category),
              ({ verdict }) => isClaim(verdict),
            ),
          ),
        ];
        const cells = [shape.name, host.name, `+${(100 * effect).toFixed(0)} %`];
        page.row([...cells, ...shares.map((share) => (Number.isNaN(share) ? '' : percent(share)))]);
      }
}

function crunOf(conclusions: readonly Conclusion[]): readonly Judged[] {
  return conclusions.flatMap(({ comparisons }) => comparisons.filter(({ runtime }) => runtime === 'crun'));
}

function categoriesOf(conclusions: readonly Conclusion[]) {
  return conclusions.flatMap((each) => each.categories.filter(({ runtime }) => runtime === 'crun'));
}

/** What is said where crun only starts faster: the question of most users. */
function startTable(page: Page, runs: number): void {
  page.text(
    `What is said where crun starts faster and is the same elsewhere (${runs} runs a row). Costs and noise of “${quickDisturbed.name}” are of inputs/disturbed.tar.zst, a quick run beside a virtual machine that used 1.2 of 2 CPUs:`,
  );
  page.table(['run', 'host', 'truth', 'crun right', ...categories, 'gVisor right']);
  for (const shape of [quick, quickDisturbed, standard])
    for (const host of shape === quickDisturbed ? [asMeasured] : forPower)
      for (const truth of shape !== standard ? [crunStarts(0.85), crunStarts(0.8)] : [crunStarts(0.8)]) {
        const { conclusions } = sampleRuns(shape, truth, host, runs);
        const crun = crunOf(conclusions);
        const others = conclusions.flatMap(({ comparisons }) =>
          comparisons.filter(({ runtime }) => runtime !== 'crun'),
        );
        const shares = [
          shareOf(crun, isRight),
          ...categories.map((category) =>
            shareOf(
              crun.filter((each) => each.category === category),
              isRight,
            ),
          ),
          shareOf(others, isRight),
        ];
        const told = shares.map((share) => (Number.isNaN(share) ? '' : percent(share)));
        page.row([shape.name, host.name, truth.name, ...told]);
      }
}

/** What whole runs find, by the product's own rules. No limit is set. */
export const power: Part = {
  name: 'power',
  runs: 1000,
  write: (page, runs) => {
    startTable(page, runs);
    powerTable(page, runs);
  },
};
