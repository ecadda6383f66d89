import { EngineError } from '../engine/engine.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../model/error.ts';
import type { Check } from '../model/host.ts';
import type { RuntimeFacts } from '../model/runtime.ts';
import { messages } from '../report/messages/index.ts';
import { terminalText } from '../report/sanitize.ts';
import { familyOfEntry } from '../runtimes/registry.ts';
import { type CommonFlags, loadResolution } from './configuration.ts';
import { holdHost } from './host-lock.ts';
import { interruptSignal } from './interrupt.ts';
import { spoken, spokenLanguage } from './language.ts';
import { checksOf, entriesOf, hostOf, tryRuntimes } from './preparation.ts';
import { registeredRuntimes } from './registered.ts';
import { newRunId } from './run-id.ts';
import { openSession } from './session.ts';
import { terminal } from './terminal.ts';

const symbols: Readonly<Record<Check['status'], string>> = {
  ok: 'ok  ',
  warn: 'warn',
  fail: 'FAIL',
  unknown: '?   ',
};

function describeRuntime(runtime: RuntimeFacts): string {
  const { entry, preflight, version, platform, network } = runtime;
  const how =
    entry.runtimeType ??
    [entry.path ?? spoken('found by the engine'), ...(entry.runtimeArgs ?? [])].join(' ');
  const gvisor = platform === null ? '' : `, platform ${platform}, network ${network}`;
  const lines =
    preflight.status === 'available'
      ? [`ok    ${entry.name}: a container ran in ${preflight.tookMs.toFixed(0)} ms`]
      : [
          `FAIL  ${entry.name}: ${preflight.reason}`,
          `      fix: ${preflight.fix}`,
          `      the engine said: ${preflight.error}`,
        ];
  return [...lines, `      ${how}; ${version ?? spoken('version unknown')}${spoken(gvisor)}`]
    .map((line) => terminalText(spoken(line)))
    .join('\n');
}

function describeCheck({ status, title, detail, fix }: Check): string {
  const line = `${spoken(symbols[status])}  ${spoken(title)}${messages(spokenLanguage()).colon}${spoken(detail)}`;
  return [line, ...(fix === undefined ? [] : [spoken(`      fix: ${fix}`)])]
    .map((line) => terminalText(line))
    .join('\n');
}

/** `ocibench doctor`: is this machine fit, and can each runtime run here? Exit 1 when a check fails. */
export async function doctorCommand(flags: CommonFlags & { readonly wait?: boolean }): Promise<ExitCode> {
  const { config, variants, daemonJson } = await loadResolution(flags);
  const registered = await registeredRuntimes(daemonJson, variants);
  const interrupt = interruptSignal(() => terminal.log('interrupted: cleaning up'));
  try {
    // It starts containers, which somebody else would measure.
    await using lock = await holdHost({
      command: 'ocibench doctor',
      runId: () => newRunId(new Date()),
      wait: flags.wait ?? false,
      interrupt: interrupt.signal,
      m: messages(config.lang),
    });
    await using session = await openSession(lock.owner.runId, config.engine, registered.entries, flags);
    const host = await hostOf(session);
    const entries = await entriesOf(session, registered, config);
    const tried = await tryRuntimes({
      session,
      entries,
      registered,
      config,
      host,
      images: [],
      interrupt: interrupt.signal,
    }).catch((error: unknown) => {
      // What was found out is worth most where no runtime can be tried.
      if (error instanceof OcibenchError || error instanceof EngineError) return error;
      throw error;
    });
    const { runtimes, devices } = tried instanceof Error ? { runtimes: [], devices: null } : tried;
    const checks = await checksOf(
      session,
      host,
      runtimes,
      devices,
      entries.map((entry) => familyOfEntry(entry).id),
    );
    const engine = session.engine.facts;
    if (flags.json) terminal.json({ host, engine, runtimes, checks }, 1);
    else
      terminal.result(
        [
          spoken(`host     ${host.os}, Linux ${host.kernel}, ${host.cpus} × ${host.cpuModel}`),
          spoken(`engine   ${engine.kind}, Docker ${engine.version} at ${engine.endpoint}`),
          '',
          ...checks.map(describeCheck),
          '',
          ...runtimes.map(describeRuntime),
        ].join('\n'),
      );
    if (tried instanceof Error) throw tried;
    const asked = runtimes.some((runtime) => runtime.requested && runtime.preflight.status === 'unavailable');
    return asked || checks.some((check) => check.status === 'fail') ? exitCodes.someFailed : exitCodes.ok;
  } finally {
    interrupt.dispose();
  }
}
