import { notices, reasons } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import { type Problem, problemOf } from '../../../../core/model/error.ts';
import type { HostFacts } from '../../../../core/model/host.ts';
import { lookup } from '../../../../core/model/nearest.ts';
import type { RunRecord } from '../../../../core/model/run.ts';

/** What helps where the hosts differ: measure one like that of the service, or try the service itself. */
const measureThere =
  'on a host like the recorded one, measure what a runtime adds:  @(sudo capacity measure)\n  or try the service itself under the runtime:  @(sudo move compose.yaml --to runsc)';

const why = reasons('predict', {
  otherKernel: {
    message:
      'is {is}, but {was} in {run}: the kernel’s work per call changes between release lines, and so does what a runtime adds',
    fix: measureThere,
  },
  otherCpu: {
    message:
      'is {is}, but {was} in {run}: on another processor a runtime can multiply CPU time by another factor, which is not recorded here',
    fix: measureThere,
  },
  otherMitigation: {
    message: "is ''{is}'', but ''{was}'' in {run}: a mitigation adds work to each entry into the kernel",
    fix: measureThere,
  },
  otherHypervisor: {
    message:
      'is {is}, but {was} in {run}: the cost of page faults and interrupts depends on it, and is not recorded here',
    fix: measureThere,
  },
  otherEmulation: {
    message: 'is {is}, but {was} in {run}: an emulator slows each kind of instruction by another factor',
    fix: measureThere,
  },
});

const words = notices('predict', {
  noHypervisor: 'none (bare metal)',
  noEmulation: 'none',
  unlisted: 'not listed',
});

/** Release line of a kernel: `6.18` of `6.18.44-fc-v595`; the whole string if it begins otherwise. */
function releaseLine(kernel: string): string {
  return /^\d+\.\d+/.exec(kernel)?.[0] ?? kernel;
}

/** Vulnerability whose state says nothing of work. */
const withoutWork: ReadonlySet<string> = new Set(['old_microcode']);

/** State of a vulnerability that one kernel does not list: it does nothing against it, as where nothing is affected. */
const unlisted = 'Not affected';

/**
 * What a kernel does against a vulnerability: `Mitigation: Retpolines` of `Mitigation: Retpolines; STIBP: disabled`; empty
 * where it does nothing. A kernel that is `Vulnerable: Clear CPU buffers attempted` works too. What begins with `KVM:` is done
 * for guests, and changes with whether one runs now.
 */
function workOf(state: string): string {
  const found = /^(?:Mitigation|Vulnerable: (?!No microcode)[^;])[^;]*/.exec(state);
  return found?.[0].trim() ?? '';
}

/** Vulnerabilities of two hosts whose states differ. */
function otherMitigations(host: HostFacts, measured: HostFacts) {
  const names = [...new Set([...Object.keys(host.mitigations), ...Object.keys(measured.mitigations)])];
  return names.toSorted().flatMap((name) => {
    const [is, was] = [lookup(host.mitigations, name), lookup(measured.mitigations, name)];
    const [own, others] = [is ?? unlisted, was ?? unlisted];
    if (withoutWork.has(name) || own === others) return [];
    return [
      {
        name,
        is: is ?? words.unlisted,
        was: was ?? words.unlisted,
        isOtherWork: workOf(own) !== workOf(others),
      },
    ];
  });
}

/**
 * Problems of a host on which costs differ from those of the run's. Point releases and builds of a kernel are no problem: they
 * repair. Nor is a microcode revision by itself: what it changes in a call's cost is the mitigations, which are compared by
 * their first mechanism.
 */
export function hostProblems(
  file: string,
  host: HostFacts,
  { runId, host: measured }: RunRecord,
): readonly Problem[] {
  const problem = (key: string, reason: typeof why.otherCpu, is: string | Message, was: string | Message) =>
    is === was ? [] : [problemOf({ file, key: `host.${key}` }, reason({ is, was, run: runId }))];
  const isOfOneLine = releaseLine(host.kernel) === releaseLine(measured.kernel);
  const hypervisorOf = ({ hypervisor }: HostFacts) => hypervisor ?? words.noHypervisor;
  const emulationOf = ({ emulation }: HostFacts) => emulation ?? words.noEmulation;
  return [
    ...problem('arch', why.otherCpu, host.arch, measured.arch),
    ...problem('cpuModel', why.otherCpu, host.cpuModel, measured.cpuModel),
    ...problem('hypervisor', why.otherHypervisor, hypervisorOf(host), hypervisorOf(measured)),
    ...problem('emulation', why.otherEmulation, emulationOf(host), emulationOf(measured)),
    ...(isOfOneLine ? [] : problem('kernel', why.otherKernel, host.kernel, measured.kernel)),
    ...otherMitigations(host, measured)
      .filter(({ isOtherWork }) => isOtherWork)
      .flatMap(({ name, is, was }) => problem(`mitigations.${name}`, why.otherMitigation, is, was)),
  ];
}

const text = notices('predict', {
  otherBuild:
    'recorded on Linux {is}, measured on {was}: builds of one release line, assumed to cost the same',
  otherMicrocode:
    'recorded with microcode {is}, measured with {was}: the mitigations are of the same kinds, so costs are assumed to be the same',
  otherDetails: "recorded with {name} ''{is}'', measured with ''{was}'': assumed not to change costs",
});

/** What differs between the hosts and is not taken to change costs. */
export function hostNotes(host: HostFacts, { host: measured }: RunRecord): readonly Message[] {
  return [
    ...(host.kernel === measured.kernel ? [] : [text.otherBuild({ is: host.kernel, was: measured.kernel })]),
    ...(host.microcode === null || measured.microcode === null || host.microcode === measured.microcode
      ? []
      : [text.otherMicrocode({ is: host.microcode, was: measured.microcode })]),
    ...otherMitigations(host, measured)
      .filter(({ isOtherWork }) => !isOtherWork)
      .map(({ name, is, was }) => text.otherDetails({ name, is, was })),
  ];
}
