import { expect, test } from 'vitest';
import type { MoveOutcome, MoveTrial, TriedService } from '../../../src/features/move/record.ts';
import { withDependencies } from '../../../src/features/move/stack/stack.ts';
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
  trial: Pick<MoveTrial, 'kind' | 'under'> & { readonly services: readonly string[]; readonly count: number },
) => MoveOutcome | undefined;

/** Tries a stack whose services do as they are told, and says what was tried, and with what verdict. */
async function tried(behaviour: Behaviour, interrupt = new AbortController()) {
  const said: string[] = [];
  const asked: string[] = [];
  let count = 0;
  const trials = await tryAll(
    { reporter: { log: ({ text }: { readonly text: string }) => void said.push(text) } } as never,
    {
      possible: all,
      targets: ['runsc'],
      baseline: 'runc',
      stack,
      staying: [],
      afterBaseline: async () => undefined,
      trials: {
        async run(kind, runtime, services, under) {
          count++;
          const names = withDependencies(stack, services);
          asked.push(`${kind} ${under.join('+')} of ${names.length}`);
          return {
            kind,
            runtime,
            under: [...under],
            seconds: 1,
            services: names.map(
              (service): TriedService => ({
                service,
                said: '',
                log: '',
                exitCode: null,
                oomKilled: false,
                healthyMs: null,
                outcome: behaviour(service, { kind, under: [...under], services: names, count }) ?? 'healthy',
              }),
            ),
          };
        },
      },
      interrupt: interrupt.signal,
    },
  );
  const verdicts = verdictsOf(all, 'runsc', 'runc', { stack, trials, obstacles: [] });
  return {
    asked,
    said,
    verdicts: verdicts.map(({ service, verdict }) => `${service} ${verdict}`),
  };
}

const alone = all.map((service) => `alone ${service} of 4`);

test('each is tried alone beside the others, then all together', async () => {
  const { asked, verdicts } = await tried(() => undefined);
  expect(asked).toEqual([
    'baseline cache+app+front+tool of 4',
    ...alone,
    'together cache+app+front+tool of 4',
  ]);
  expect(verdicts).toEqual(all.map((service) => `${service} moves`));
});

test('one that breaks alone stays behind, and is not tried twice', async () => {
  const { asked, verdicts } = await tried((service, { under }) =>
    service === 'tool' && under.includes('tool') && under.length === 1 ? 'exited' : undefined,
  );
  expect(asked.slice(5)).toEqual(['together cache+app+front of 4']);
  expect(verdicts[3]).toBe('tool cannot');
});

test('one that breaks with the others stays behind, and the others go on', async () => {
  const { asked, verdicts } = await tried((service, { kind, under }) => {
    if (kind !== 'together' || !under.includes('cache')) return undefined;
    return service === 'tool' ? undefined : service === 'cache' ? 'exited' : 'late';
  });
  expect(asked.slice(5)).toEqual(['together cache+app+front+tool of 4', 'together app+front+tool of 4']);
  expect(verdicts).toEqual(['cache cannot', 'app moves', 'front moves', 'tool moves']);
});

test('what broke beside it once is tried again', async () => {
  const { asked, verdicts } = await tried((service, { kind, under, count }) =>
    kind === 'alone' && under.includes('cache') && service === 'tool' && count === 2 ? 'exited' : undefined,
  );
  expect(asked.slice(1, 4)).toEqual(['alone cache of 4', 'alone cache of 4', 'alone app of 4']);
  expect(verdicts).toEqual(all.map((service) => `${service} moves`));
});

test('without what fails under the baseline, and what needs it, the others are tried', async () => {
  const { asked, verdicts } = await tried((service, { services }) => {
    if (service === 'app') return 'exited';
    return services.includes('app') && (service === 'front' || service === 'tool')
      ? 'not-reached'
      : undefined;
  });
  expect(asked).toEqual([
    'baseline cache+app+front+tool of 4',
    'baseline cache+tool of 2',
    'alone cache of 2',
    'alone tool of 2',
    'together cache+tool of 2',
  ]);
  expect(verdicts).toEqual(['cache moves', 'app unknown', 'front unknown', 'tool moves']);
});

test('Ctrl-C ends it, and what was not tried is unknown', async () => {
  const interrupt = new AbortController();
  const { asked, verdicts } = await tried((_, { count }) => {
    if (count === 3) interrupt.abort();
    return undefined;
  }, interrupt);
  expect(asked).toHaveLength(3);
  expect(verdicts).toEqual(all.map((service) => `${service} unknown`));
});
