import { defineCommand } from '../../../cli/command.ts';
import { options } from '../../../cli/options.ts';
import type { RunFlags } from '../../../core/config/command-line.ts';
import { messages } from '../../../core/messages/define.ts';
import type { RecordFlags } from '../recording/record.ts';

const words = messages('help.record', {
  summary: 'record what a running container uses: CPU, memory, network, input and output',
  container: 'record a running container, given by name or id; it is not restarted or stopped',
  cgroup: 'record a cgroup and everything below it, given by its path under /sys/fs/cgroup',
  for: 'stop after this time (default: 30s)',
  set: 'set context=NAME (a Docker context) or insecureTcp=true; can be repeated (docs/files.md)',
  out: 'directory for results/ (default: this directory)',
  json: 'print recording.json instead of a table',
  running: 'a running container, for a minute',
  unit: 'a service of systemd',
});
const text = messages('recording', {
  details: 'details  {json}\nplan     in services.yaml:  recording: {json}',
});

/** `ocibench capacity record` */
export const command = defineCommand<RecordFlags & Pick<RunFlags, 'set'> & { readonly json?: boolean }>({
  name: 'capacity record',
  order: 42.3,
  words: words.summary,
  options: [
    { flags: '--container <id>', words: words.container },
    { flags: '--cgroup <path>', words: words.cgroup },
    { flags: '--for <duration>', words: words.for },
    { ...options.daemonSet, words: words.set },
    { flags: '--out <dir>', words: words.out },
    { flags: '--json', words: words.json },
    options.quiet,
  ],
  examples: [
    { line: 'capacity record --container web --for 1m', words: words.running },
    { line: 'capacity record --cgroup /system.slice/nginx.service', words: words.unit },
  ],
  async run({ app, terminal }, { set = [], ...typed }) {
    const { daemonRequest } = await import('../../../app/measure/configuration.ts');
    const { record } = await import('../recording/record.ts');
    const flags = { ...typed, ...(await daemonRequest(app, { set })) };
    const { recording, file, exitCode } = await record(app, flags);
    if (flags.json) terminal.json(recording);
    else {
      const { recordingTable } = await import('../recording/table.ts');
      terminal.paintedResult(recordingTable(recording, { paint: terminal.paintResult }));
      terminal.result(terminal.say(text.details({ json: file })));
    }
    return exitCode;
  },
});
