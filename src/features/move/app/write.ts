import { join } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import { sayInFiles } from '../../../core/messages/command.ts';
import { recorded } from '../../../core/messages/record.ts';
import { translate } from '../../../core/messages/translate.ts';
import { composeFileFor, planText } from '../carry-out.ts';
import { type MoveRecord, movingTo } from '../record.ts';
import { overrideText } from '../stack/project.ts';
import { hasHealthCheck, imageOf, replicasOf, type Stack } from '../stack/stack.ts';
import type { verdictsOf } from '../verdicts.ts';
import type { PreparedMove } from './prepare.ts';

/** Writes the record of a move. */
export async function writeRecord(
  { store }: Pick<AppContext, 'store'>,
  record: MoveRecord,
  directory: string,
): Promise<void> {
  await store.writeAtomically(join(directory, 'move.json'), `${JSON.stringify(record, null, 1)}\n`);
}

/** Writes the record of a move, its page, and the files that carry it out. */
export async function writeMove(
  { store, reporter }: Pick<AppContext, 'store' | 'reporter'>,
  record: MoveRecord,
  stack: Stack,
  directory: string,
): Promise<void> {
  const { lang } = reporter;
  const write = (name: string, content: string) => store.writeAtomically(join(directory, name), content);
  await writeRecord({ store }, record, directory);
  const { movePage } = await import('../report/page.ts');
  await write(
    'move.html',
    sayInFiles(() => movePage(record, lang)),
  );
  const { moveJunit } = await import('../report/junit.ts');
  await write('junit.xml', moveJunit(record));
  const say = (message: Parameters<typeof translate>[0]) => translate(message, lang);
  for (const runtime of record.targets) {
    const moving = movingTo(record.verdicts, runtime);
    await write(
      composeFileFor(runtime),
      overrideText(stack, new Map(moving.map((service) => [service, runtime] as const))),
    );
  }
  const plan = planText(record, join(directory, 'services.yaml'), say);
  if (plan !== null) await write('services.yaml', plan);
}

/** The part of a record that describes a stack, without the load, and what keeps services from targets. */
export function recordedStack({
  stack,
  services,
  obstacles,
}: Pick<PreparedMove, 'stack' | 'services' | 'obstacles'>): Pick<MoveRecord, 'stack' | 'obstacles'> {
  return {
    stack: {
      name: stack.name,
      services: services.map((service) => {
        const own = stack.services[service] ?? {};
        return {
          service,
          image: imageOf(stack, service),
          replicas: replicasOf(own),
          healthCheck: hasHealthCheck(own),
        };
      }),
    },
    obstacles: obstacles.flatMap(({ runtime, found }) =>
      found.map(({ service, key, kind, reason: { message, fix } }) => ({
        service,
        runtime,
        key,
        kind,
        ...recorded({ message, fix }),
      })),
    ),
  };
}

export function recordedVerdicts(verdicts: ReturnType<typeof verdictsOf>): MoveRecord['verdicts'] {
  return verdicts.map(({ service, runtime, verdict, why, fix }) => ({
    service,
    runtime,
    verdict,
    ...recorded({ why, fix }),
  }));
}
