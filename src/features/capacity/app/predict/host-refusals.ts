import { notices, reasons } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { type Problem, problemOf } from '../../../../core/model/error.ts';
import type { HostFacts } from '../../../../core/model/host.ts';
import { lookup } from '../../../../core/model/nearest.ts';
import type { RunRecord } from '../../../../core/model/run.ts';

/** What helps where the hosts differ: measure one like that of the service, or try the service itself. */
const measureThere =
  'on a host like the one that was recorded, measure what a runtime adds:  @(record capacity)\n  or try the service itself under the runtime:  @(move compose.yaml)';

const why = reasons('predict', {
  otherKernel: {
    message:
      'is {is}, and {was} in {run}: between release lines the kernel’s work for a call changes, and with it what a runtime adds',
    fix: measureThere,
  },
  otherCpu: {
    message:
      'is {is}, and {was} in {run}: on another processor the same program takes another multiple of its CPU time under a runtime, and no record here says which',
    fix: measureThere,
  },
  otherMitigation: {
    message: "is ''{is}'', and ''{was}'' in {run}: a mitigation is work at each entry into the kernel",
    fix: measureThere,
  },
});

/** Release line of a kernel: `6.18` of `6.18.44-fc-v595`; the whole string if it begins otherwise. */
function releaseLine(kernel: string): string {
  return /^\d+\.\d+/.exec(kernel)?.[0] ?? kernel;
}

/** State of a vulnerability that says nothing of work at an entry into the kernel. */
const withoutWork: ReadonlySet<string> = new Set(['old_microcode']);

/**
 * Problems of a host on which costs differ from those of the run's. Point releases and builds of a kernel are no problem: they
 * repair. Nor is a microcode revision by itself: what it changes in a call's cost is the mitigations, which are compared.
 */
export function hostProblems(
  file: string,
  host: HostFacts,
  { runId, host: measured }: RunRecord,
): readonly Problem[] {
  const problem = (key: string, reason: typeof why.otherCpu, is: string, was: string) =>
    is === was ? [] : [problemOf({ file, key: `host.${key}` }, reason({ is, was, run: runId }))];
  const isOfOneLine = releaseLine(host.kernel) === releaseLine(measured.kernel);
  return [
    ...problem('arch', why.otherCpu, host.arch, measured.arch),
    ...problem('cpuModel', why.otherCpu, host.cpuModel, measured.cpuModel),
    ...(isOfOneLine ? [] : problem('kernel', why.otherKernel, host.kernel, measured.kernel)),
    // A newer kernel lists more vulnerabilities; only what both list can be compared.
    ...Object.entries(host.mitigations).flatMap(([name, is]) =>
      withoutWork.has(name)
        ? []
        : problem(`mitigations.${name}`, why.otherMitigation, is, lookup(measured.mitigations, name) ?? is),
    ),
  ];
}

const text = notices('predict', {
  otherBuild:
    'recorded on Linux {is}, measured on {was}: builds of one release line, whose costs are taken to be the same',
  otherMicrocode:
    'recorded with microcode {is}, measured with {was}: the mitigations are the same, and so costs are taken to be the same',
});

/** What differs between the hosts and is not taken to change costs. */
export function hostNotes(host: HostFacts, { host: measured }: RunRecord): readonly Message[] {
  return [
    ...(host.kernel === measured.kernel ? [] : [text.otherBuild({ is: host.kernel, was: measured.kernel })]),
    ...(host.microcode === null || measured.microcode === null || host.microcode === measured.microcode
      ? []
      : [text.otherMicrocode({ is: host.microcode, was: measured.microcode })]),
  ];
}
