import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/model/prng.ts';
import type { MoveOutcome, MoveTrial, TriedService } from '../../../src/features/move/record.ts';
import { type Stack, withDependencies } from '../../../src/features/move/stack/stack.ts';
import { tryAll } from '../../../src/features/move/trying/try-all.ts';
import { verdictsOf } from '../../../src/features/move/verdicts.ts';

const needs = (...names: readonly string[]) => ({
  depends_on: Object.fromEntries(names.map((name) => [name, { condition: 'service_healthy' }])),
});
const stack = {
  name: 'shop',
  services: { cache: {}, app: needs('cache'), front: needs('app'), tool: {} },
};
const all = Object.keys(stack.services);

/** What a service does in a trial; absent: it runs. */
type Behaviour = (
  service: string,
  trial: Pick<MoveTrial, 'under'> & { readonly services: readonly string[]; readonly count: number },
) => MoveOutcome | undefined;

/** Tries a stack whose services do as they are told, and says what was tried, and with what verdict. */
async function tried(
  behaviour: Behaviour,
  {
    interrupt = new AbortController(),
    services: own = stack.services as Stack['services'],
    staying = [] as string[],
  } = {},
) {
  const tested = { ...stack, services: own };
  const names = Object.keys(own);
  const asked: string[] = [];
  const trials = await tryAll({ reporter: { log: () => undefined } } as never, {
    possible: names,
    targets: ['runsc'],
    baseline: 'runc',
    stack: tested,
    staying,
    trials: {
      async run(runtime, services, under) {
        const started = withDependencies(tested, services);
        asked.push(under.length === 0 ? `runc ${started.join('+')}` : under.join('+'));
        const count = asked.length;
        return {
          runtime,
          under: [...under],
          seconds: 1,
          services: started.map(
            (service): TriedService => ({
              service,
              said: '',
              log: '',
              exitCode: null,
              oomKilled: false,
              healthyMs: null,
              outcome: behaviour(service, { under: [...under], services: started, count }) ?? 'healthy',
            }),
          ),
        };
      },
    },
    interrupt: interrupt.signal,
  });
  const verdicts = verdictsOf(names, 'runsc', 'runc', { stack: tested, trials, obstacles: [], staying });
  return {
    asked,
    verdicts: verdicts.map(({ service, verdict, why }) =>
      verdict === 'moves' && why.text !== '' ? `${service} moves apart` : `${service} ${verdict}`,
    ),
  };
}

/** The services with one of these verdicts. */
const moving = (verdicts: readonly string[], wanted: readonly string[]) =>
  verdicts.flatMap((each) => {
    const [service = '', ...verdict] = each.split(' ');
    return wanted.includes(verdict.join(' ')) ? [service] : [];
  });

const native = 'runc cache+app+front+tool';

test('all are tried together, and if they run, nothing else is tried', async () => {
  const { asked, verdicts } = await tried(() => undefined);
  expect(asked).toEqual([native, 'cache+app+front+tool']);
  expect(verdicts).toEqual(all.map((service) => `${service} moves`));
});

test('one that breaks is tried once more alone, and the others without it', async () => {
  const { asked, verdicts } = await tried((service, { under }) =>
    service === 'tool' && under.includes('tool') ? 'exited' : undefined,
  );
  expect(asked.slice(1)).toEqual(['cache+app+front+tool', 'cache+app+front', 'tool']);
  expect(verdicts).toEqual(['cache moves', 'app moves', 'front moves', 'tool cannot']);
});

test('one that breaks by chance moves', async () => {
  const { asked, verdicts } = await tried((service, { count }) =>
    service === 'tool' && count === 2 ? 'exited' : undefined,
  );
  expect(asked.slice(1)).toEqual(['cache+app+front+tool', 'cache+app+front', 'tool', 'cache+app+front+tool']);
  expect(verdicts).toEqual(all.map((service) => `${service} moves`));
});

test('one that breaks only with the others stays behind', async () => {
  const { verdicts } = await tried((service, { under }) =>
    service === 'tool' && under.includes('tool') && under.length > 1 ? 'exited' : undefined,
  );
  expect(verdicts).toEqual(['cache moves', 'app moves', 'front moves', 'tool cannot']);
});

test('one that breaks what needs it is found, though it seems to run itself', async () => {
  const { asked, verdicts } = await tried((service, { under }) => {
    if (!under.includes('cache')) return undefined;
    return service === 'app' ? 'exited' : service === 'front' ? 'late' : undefined;
  });
  expect(asked.slice(1)).toEqual([
    'cache+app+front+tool',
    // Without app, of which front is known to need it; cache is suspected, and tried apart.
    'cache+front+tool',
    'front+tool',
    'cache',
    'cache',
    'app',
    'front+tool+app',
  ]);
  expect(verdicts).toEqual(['cache cannot', 'app moves', 'front moves', 'tool moves']);
});

test('one that breaks a service of which nothing needs it is found by halves', async () => {
  const services = Object.fromEntries('abcdefgh'.split('').map((name) => [name, {}]));
  // h stays, and breaks whenever c is moved.
  const { asked, verdicts } = await tried(
    (service, { under }) => (service === 'h' && under.includes('c') ? 'exited' : undefined),
    { services, staying: ['h'] },
  );
  expect(asked.slice(1, 6)).toEqual(['a+b+c+d+e+f+g', 'a+b+c+d', 'a+b', 'c+d', 'c']);
  expect(asked.length).toBeLessThanOrEqual(11);
  expect(verdicts.filter((each) => !each.endsWith('moves'))).toEqual(['c unknown', 'h stays']);
});

test('where nothing runs, two trials of each suffice', async () => {
  const services = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`s${at}`, {}]));
  const { asked, verdicts } = await tried(
    (service, { under }) => (under.includes(service) ? 'not-started' : undefined),
    { services },
  );
  expect(asked).toHaveLength(3);
  expect(new Set(verdicts.map((each) => each.split(' ')[1]))).toEqual(new Set(['cannot']));
});

test('without what fails under the baseline, and what needs it, the others are tried', async () => {
  const { asked, verdicts } = await tried((service, { services }) => {
    if (service === 'app') return 'exited';
    return services.includes('app') && (service === 'front' || service === 'tool')
      ? 'not-reached'
      : undefined;
  });
  expect(asked).toEqual([native, 'runc cache+tool', 'cache+tool']);
  expect(verdicts).toEqual(['cache moves', 'app unknown', 'front unknown', 'tool moves']);
});

test('Ctrl-C ends it, and what had been seen stands', async () => {
  const interrupt = new AbortController();
  const { asked, verdicts } = await tried(
    (service, { count }) => {
      if (count !== 2) return undefined;
      interrupt.abort();
      return service === 'front' ? 'cut' : undefined;
    },
    { interrupt },
  );
  expect(asked).toHaveLength(2);
  expect(verdicts).toEqual(['cache moves apart', 'app moves apart', 'front unknown', 'tool moves apart']);
});

test('whatever breaks, what moves was seen to run together, and the trials end', async () => {
  const random = seededRandom('try-all');
  for (let n = 0; n < 2_000; n++) {
    const size = 1 + Math.floor(random() * 9);
    const services = Object.fromEntries(
      Array.from({ length: size }, (_, at) => [
        `s${at}`,
        needs(...(at > 0 && random() < 0.4 ? [`s${Math.floor(random() * at)}`] : [])),
      ]),
    );
    const names = Object.keys(services);
    // Some break by themselves, some others, some in pairs; some by chance.
    const pick = () => names[Math.floor(random() * size)] ?? '';
    const rules = Array.from({ length: Math.floor(random() * 4) }, () => ({
      broken: pick(),
      by: random() < 0.5 ? [pick()] : [pick(), pick()],
    }));
    const chance = random() < 0.3 ? 0.05 : 0;
    const breaks = (service: string, under: readonly string[]) =>
      rules.some(({ broken, by }) => broken === service && by.every((each) => under.includes(each)));
    const { asked, verdicts } = await tried(
      (service, { under }) =>
        under.length > 0 && (breaks(service, under) || random() < chance) ? 'exited' : undefined,
      { services },
    );
    expect(asked.length).toBeLessThanOrEqual(6 * size + 4);
    const moves = moving(verdicts, chance > 0 ? ['moves'] : ['moves', 'moves apart']);
    const seen = JSON.stringify({ services, rules, asked, verdicts });
    expect(
      moves.filter((service) => breaks(service, moves)),
      seen,
    ).toEqual([]);
    if (rules.length === 0 && chance === 0) expect(moves).toEqual(names);
  }
});
