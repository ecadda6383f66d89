import type { DaemonFlags } from '../../../core/engine/docker/context.ts';
import { connectTo, findEndpoint } from '../../../core/engine/docker/endpoint.ts';
import { answerLimitMs, within } from '../../../core/engine/docker/errors.ts';
import { EngineError } from '../../../core/engine/engine.ts';
import { messages, notices, reasons } from '../../../core/messages/define.ts';
import { exitCodes, OcibenchError } from '../../../core/model/failure/error.ts';
import { familyOfEntry } from '../../../core/runtimes/registry.ts';
import type { RecordingTarget } from './recording.ts';
import { type Cgroups, findCgroupOf, refuseOtherKernel, refuseTarget } from './target.ts';

const words = messages('engine', { inspecting: 'inspecting the container {name}' });
const text = notices('recording.container', { engine: 'the engine refused: {said}' });
const why = reasons('recording.container', {
  notName: {
    message: '{name} is not a valid container name',
    fix: 'list the running containers:  docker ps',
  },
  absent: {
    message: 'there is no container {name} at {endpoint}',
    fix: 'list the running containers:  docker ps',
  },
  notRunning: {
    message: 'the container {name} is not running ({state})',
    fix: 'start it, or choose another one:  docker ps',
  },
  elsewhere: {
    message: 'the daemon at {endpoint} is on another host, whose cgroups cannot be read from here',
    fix: 'run the same command on that host',
  },
});

/** Form of names and ids of containers (moby, daemon/names). */
const form = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;

/**
 * A running container of a daemon of this machine. OcibenchError: exit 2 if there is none, or if its runtime has a kernel of its
 * own; 3 if no daemon answers.
 */
export async function findContainer(
  name: string,
  flags: DaemonFlags,
  cgroups: Cgroups,
): Promise<RecordingTarget> {
  if (!form.test(name)) throw refuseTarget('--container', why.notName({ name }));
  const endpoint = await findEndpoint(flags);
  await using closed = new AsyncDisposableStack();
  const { engine, close } = await connectTo(endpoint);
  closed.defer(close);
  if (!engine.facts.local)
    throw refuseTarget('--container', why.elsewhere({ endpoint: engine.facts.endpoint }));
  const opened = await endpoint.open();
  closed.defer(() => opened.close());
  const { dockerClient } = await import('../../../core/engine/docker/client.ts');
  const docker = dockerClient(opened.connection);
  try {
    const found = await within(words.inspecting({ name }), answerLimitMs, () =>
      docker.getContainer(name).inspect(),
    );
    const state = String(found.State.Status);
    if (state !== 'running') throw refuseTarget('--container', why.notRunning({ name, state }));
    const runtime = String(found.HostConfig.Runtime ?? '');
    const entry = (await engine.runtimes()).find((each) => each.name === runtime) ?? { name: runtime };
    const { kernel } = familyOfEntry({
      ...entry,
      runtimeArgs: [...(entry.runtimeArgs ?? [])],
      origin: 'engine',
    });
    if (kernel !== 'host') throw refuseOtherKernel('--container', name, runtime);
    return findCgroupOf({ id: found.Id, name, runtime }, cgroups);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.statusCode === 404)
      throw refuseTarget('--container', why.absent({ name, endpoint: engine.facts.endpoint }));
    throw new OcibenchError(text.engine({ said: error.said }), {
      exitCode: exitCodes.noEngine,
      cause: error,
    });
  }
}
