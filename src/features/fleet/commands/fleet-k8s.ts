import { defineCommand } from '../../../cli/command.ts';
import { options, runOptions } from '../../../cli/options.ts';
import { parseOptions } from '../../../cli/program.ts';
import { messages } from '../../../core/messages/define.ts';
import { exitCodes } from '../../../core/model/error.ts';
import type { FleetK8sFlags } from '../launch/kubernetes/launch.ts';

const words = messages('help.fleetK8s', {
  summary: 'print Kubernetes manifests: fleet k8s --image I --pool 3 -- RUN OPTIONS',
  options: 'options for `@(run)`, after --; the same on every node',
  image: 'image that contains ocibench, under the name by which the nodes pull it (docs/install.md)',
  pool: 'nodes to measure: NUMBER, or LABEL=VALUE:NUMBER; can be repeated',
  namespace: 'existing namespace (default: ocibench, which is created)',
  mode: 'privileged (the default): use an engine inside the pod; socket: use the Docker socket of the node',
  collect: 'log (the default): print each run to the log of its pod; volume: write it to a volume',
  claim: 'PersistentVolumeClaim (ReadWriteMany) for --collect volume',
  deadline: 'have Kubernetes stop whatever is still running after this time',
  overhead: 'run whose measured overhead is written into a RuntimeClass for each runtime',
  three: 'any three nodes',
  pools: 'two pools, with results on a volume',
});

const more = (value: string, before: unknown) => [...((before as string[] | undefined) ?? []), value];

/** `ocibench fleet k8s -- OPTIONS`: prints manifests, and asks no cluster. */
export const command = defineCommand<FleetK8sFlags>({
  name: 'fleet k8s',
  order: 60.3,
  words: words.summary,
  arguments: [{ name: '[options...]', words: words.options }],
  options: [
    { flags: '--image <image>', words: words.image, isRequired: true },
    { flags: '--pool <nodes>', words: words.pool, parse: more },
    { flags: '--namespace <name>', words: words.namespace },
    {
      flags: '--mode <mode>',
      words: words.mode,
      choices: ['privileged', 'socket'],
      default: 'privileged',
    },
    { flags: '--collect <where>', words: words.collect, choices: ['log', 'volume'], default: 'log' },
    { flags: '--claim <name>', words: words.claim },
    { flags: '--deadline <duration>', words: words.deadline, default: '3h' },
    { flags: '--overhead <run>', words: words.overhead, completes: 'runs' },
    options.quiet,
  ],
  examples: [
    {
      line: 'fleet k8s --image registry.example/ocibench:0.1.0 --pool 3 -- --preset quick',
      words: words.three,
    },
    {
      line: 'fleet k8s --image I --pool kind=a:3 --pool kind=b:3 --collect volume --claim runs',
      words: words.pools,
    },
  ],
  async run({ app, terminal }, flags, asked) {
    const { kubernetesManifests } = await import('../launch/kubernetes/launch.ts');
    const { parseFlags } = await import('../../../core/config/command-line.ts');
    const run = { words: asked, ...parseFlags(parseOptions('fleet k8s --', runOptions, asked, terminal)) };
    const { yaml, next } = await kubernetesManifests(app, flags, run);
    terminal.result(yaml.trimEnd());
    for (const step of next) terminal.log(step);
    return exitCodes.ok;
  },
});
