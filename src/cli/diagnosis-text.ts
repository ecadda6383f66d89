import type { Diagnosis } from '../app/doctor.ts';
import { external, quantity } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Lang, Message } from '../core/messages/message.ts';
import { recalled } from '../core/messages/record.ts';
import { translate } from '../core/messages/translate.ts';
import type { Check } from '../core/model/machine/host.ts';
import { productOf } from '../core/model/runtime/engine-kind.ts';
import type { RuntimeFacts } from '../core/model/runtime/runtime.ts';
import { terminalText } from '../report/document/sanitize.ts';

const words = messages('diagnosis', {
  host: 'host     {os}, Linux {kernel}, {cpus} × {cpuModel}',
  engine: 'engine   {kind}, {product} {version} at {endpoint}',
  ok: 'ok    {title}: {detail}',
  warn: 'warn  {title}: {detail}',
  fail: 'FAIL  {title}: {detail}',
  unknown: '?     {title}: {detail}',
  fix: '      fix: {fix}',
  ran: 'ok    {runtime}: a container ran in {ms} ms',
  unavailable: 'FAIL  {runtime}: {reason}',
  said: '      the engine said: {error}',
  registered: '      {how}; {version}',
  registeredSandbox: '      {how}; {version}, platform {platform}, network {network}',
  byEngine: 'found by the engine',
  noVersion: 'version unknown',
  summary:
    '{fails, plural, one {{fails} check fails} other {{fails} checks fail}}, {warns, plural, one {{warns} warns} other {{warns} warn}}; {able} of {all, plural, one {{all} runtime} other {{all} runtimes}} can run here',
});

function runtimeLines(runtime: RuntimeFacts): readonly Message[] {
  const { entry, preflight, version, platform, network } = runtime;
  const how =
    entry.runtimeType ??
    (entry.path === undefined && entry.runtimeArgs === undefined
      ? words.byEngine
      : [entry.path ?? words.byEngine.text, ...(entry.runtimeArgs ?? [])].join(' '));
  const registration = { how, version: version ?? words.noVersion };
  const found =
    preflight.status === 'available'
      ? [words.ran({ runtime: entry.name, ms: quantity(preflight.tookMs, '') })]
      : [
          words.unavailable({ runtime: entry.name, reason: recalled(preflight, 'reason') }),
          words.fix({ fix: recalled(preflight, 'fix') }),
          ...(preflight.error === '' ? [] : [words.said({ error: preflight.error })]),
        ];
  return [
    ...found,
    platform === null
      ? words.registered(registration)
      : words.registeredSandbox({ ...registration, platform, network: network ?? 'null' }),
  ];
}

function checkLines(check: Check): readonly Message[] {
  const line = words[check.status]({ title: recalled(check, 'title'), detail: recalled(check, 'detail') });
  return check.fix === undefined ? [line] : [line, words.fix({ fix: recalled(check, 'fix') })];
}

/** Doctor's findings as text. */
export function diagnosisText({ host, engine, runtimes, checks }: Diagnosis, lang: Lang): string {
  const { os, kernel, cpus, cpuModel } = host;
  const { kind, version, endpoint } = engine;
  return [
    words.host({ os, kernel, cpus: String(cpus), cpuModel }),
    words.engine({ kind, product: productOf(engine), version, endpoint }),
    external(''),
    ...checks.flatMap(checkLines),
    external(''),
    ...runtimes.flatMap(runtimeLines),
    external(''),
    words.summary({
      fails: checks.filter(({ status }) => status === 'fail').length,
      warns: checks.filter(({ status }) => status === 'warn').length,
      able: runtimes.filter(({ preflight }) => preflight.status === 'available').length,
      all: runtimes.length,
    }),
  ]
    .map((line) => terminalText(translate(line, lang)))
    .join('\n');
}
