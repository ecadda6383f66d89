import { messages } from '../../../core/messages/define.ts';

/** Sentences of the page of a move. */
export const pageWords = messages('move.page', {
  title: 'Which services of {stack} can move?',
  origin:
    'Tried on {date} on {cpus} CPUs ({cpu}{hypervisor}), Linux {kernel}, with Docker {docker} and {runtimes}. {given} A service can move if it runs under the new runtime together with all others that can move. Without a health check, a service runs if it stays up for {up}.',
  outOfTime: 'Time ran out (--max-time) before everything was tried and measured.',
  interrupted: 'Interrupted before everything was tried and measured.',
  noCosts: 'Costs were not measured: ',
  emulated:
    '{runtime}: its virtual machines were emulated ({by}), without KVM. Times, CPU time and memory are the emulator’s; they say nothing about {runtime} on KVM.',
  verdicts: 'Services and runtimes',
  service: 'service',
  moves: 'moves',
  cannot: 'cannot move',
  isStaying: 'stays',
  isNotTried: 'not tried',
  isUnknown: 'unknown',
  reasons: 'Why not, and what to do',
  reading: 'Settings that work differently there',
  logs: 'Logs of failed services',
  next: 'To move them',
  nextCompose:
    '{file}: a compose file that sets the runtime of each service that moves; add it after your own files:  docker compose -f … -f {file} up -d',
  nextPlan: '{file}: replicas, usage and ratios of the services, for  @(capacity plan {file})',
  tried: '{n, plural, one {alone} other {{n} together}} under {runtime}',
  underBaseline: 'all under {runtime}',
});
