import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseFlags, type RunFlags } from '../core/config/command-line.ts';
import { configNames } from '../core/config/load-config.ts';
import { type ServiceShape, serviceOf } from '../core/config/service-shape.ts';
import { notices, reasons } from '../core/messages/define.ts';
import { exitCodes, misuse, OcibenchError, type Problem, refusal } from '../core/model/failure/error.ts';
import { workloadIdsOf } from '../core/model/workload/service.ts';
import type { AppContext } from './context.ts';

const text = notices('init', {
  refused: 'no configuration was written',
  stopped: 'no configuration was written: the questions were not answered',
  noTerminal:
    'there is no terminal for questions; describe the service with options:  @(init --image IMAGE --ready PORT)',
});
const why = reasons('init', {
  present: { message: 'already exists', fix: 'add the service to it, or name another file with --file' },
  badName: {
    message: 'is not the name of a configuration',
    fix: 'name a file that ends in .ts or .json',
  },
});

/** Flags of `ocibench init`, as typed: those of a service, and the file to write. */
export interface InitFlags
  extends Pick<
    RunFlags,
    'image' | 'name' | 'cmd' | 'ready' | 'load' | 'loadImage' | 'env' | 'memory' | 'timeout'
  > {
  readonly file?: string;
}

/** The questions, in the order in which they are asked. */
export type InitQuestion = 'image' | 'cmd' | 'ready' | 'load';

/**
 * Asks the user a question. Resolves with the answer, empty where nothing was typed; null where the user cancelled.
 * `complaint`: the problem of the previous answer.
 */
export type AskQuestion = (question: InitQuestion, complaint: Problem | null) => Promise<string | null>;

/** The text of a configuration, in the language that the file's name says. */
function configurationText(service: ServiceShape, file: string): string {
  const workloads = workloadIdsOf(serviceOf(service));
  if (file.endsWith('.json')) return `${JSON.stringify({ services: [service], workloads }, null, 2)}\n`;
  const lines = Object.entries(service).map(([key, value]) => `      ${key}: ${JSON.stringify(value)},`);
  return `import { defineConfig } from 'ocibench';

export default defineConfig({
  services: [
    {
${lines.join('\n')}
    },
  ],
  // Without this line, all workloads of the preset are measured beside the service.
  workloads: ${JSON.stringify(workloads)},
});
`;
}

/** Asks for the values that the flags lack; repeats each question until the answer is valid. */
async function askedFor(flags: InitFlags, ask: AskQuestion): Promise<InitFlags> {
  const questions: readonly InitQuestion[] = ['image', 'cmd', 'ready', 'load'];
  let answered: InitFlags = flags;
  for (const question of questions) {
    // A job (a service without a readiness check) has no load.
    if (question === 'load' && answered.ready === undefined) continue;
    let complaint: Problem | null = null;
    for (;;) {
      const answer = await ask(question, complaint);
      if (answer === null) throw new OcibenchError(text.stopped, { exitCode: exitCodes.interrupted });
      const next = answer.trim() === '' ? answered : { ...answered, [question]: answer.trim() };
      const problems = next.image === undefined ? [] : parseFlags(next).problems;
      complaint = problems[0] ?? null;
      if (complaint === null && (question !== 'image' || next.image !== undefined)) {
        answered = next;
        break;
      }
    }
  }
  return answered;
}

async function refusePresent(directory: string, asked: string | undefined): Promise<string> {
  const names = asked === undefined ? configNames : [asked];
  for (const name of names) {
    const path = resolve(directory, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) throw refusal(text.refused, path, why.present);
  }
  const file = asked ?? 'bench.config.ts';
  if (!/\.(ts|json)$/.test(file)) throw refusal(text.refused, file, why.badName);
  return resolve(directory, file);
}

/**
 * Writes a configuration with the user's service. It measures the same as `run --image` with the same options. `ask`: null
 * where nobody can answer. Returns the path and the content of the file.
 */
export async function initialize(
  { environment, store }: Pick<AppContext, 'environment' | 'store'>,
  { file, ...service }: InitFlags,
  ask: AskQuestion | null,
): Promise<{ readonly path: string; readonly content: string }> {
  const path = await refusePresent(environment.workingDirectory, file);
  if (service.image === undefined && ask === null) throw misuse(text.noTerminal);
  const answered = service.image === undefined && ask !== null ? await askedFor(service, ask) : service;
  const parsed = parseFlags(answered);
  if (parsed.request.service === undefined || parsed.problems.length > 0)
    throw misuse(text.refused, parsed.problems);
  const content = configurationText(named(parsed.request.service), path);
  await store.writeAtomically(path, content);
  return { path, content };
}

/** The service with its name, from which the ids of its workloads are made, and with the port as a number. */
function named(shape: ServiceShape): ServiceShape {
  const { name, ready } = serviceOf(shape);
  return { name, ...shape, ...(ready !== null && 'port' in ready ? { ready: ready.port } : {}) };
}
