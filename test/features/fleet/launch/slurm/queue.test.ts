import { expect, test } from 'vitest';
import {
  hasEnded,
  isWaiting,
  parseNodes,
  parseQueue,
  takesJobs,
} from '../../../../../src/features/fleet/launch/slurm/queue.ts';

// squeue and sinfo of Slurm 24.11.5, as they answered.
const queue = `3|CANCELLED|n1|None
2|PENDING|n3|ReqNodeNotAvail, May be reserved for other job
1|COMPLETED|n1|None
4|PENDING|n1|BeginTime
5|RUNNING|n2|None
`;
const nodes = `n1|idle|none
n2|down*|Not responding
n3|drained|bad disk
n1|idle|none
n4|mixed|none
`;

test('the queue: states, hosts, and reasons with commas', () => {
  const jobs = parseQueue(queue);
  expect(jobs.map(({ id }) => id)).toEqual(['3', '2', '1', '4', '5']);
  expect(jobs[1]).toEqual({
    id: '2',
    state: 'PENDING',
    host: 'n3',
    reason: 'ReqNodeNotAvail, May be reserved for other job',
  });
  expect(jobs.filter(hasEnded).map(({ id }) => id)).toEqual(['3', '1']);
  expect(jobs.filter(isWaiting).map(({ id }) => id)).toEqual(['2', '4']);
});

test('lines that are no job are left out', () => {
  expect(parseQueue('slurm_load_jobs error: Invalid job id specified\n\n7_1|RUNNING|n1|None\n')).toEqual([]);
});

test('nodes: each once, and which of them take jobs', () => {
  const found = parseNodes(nodes);
  expect(found.map(({ name }) => name)).toEqual(['n1', 'n2', 'n3', 'n4']);
  expect(found.filter(takesJobs).map(({ name }) => name)).toEqual(['n1', 'n4']);
  expect(found[2]?.reason).toBe('bad disk');
});

test.each(['draining', 'fail', 'maint', 'idle*', 'reboot^', 'POWERING_DOWN'])('%s takes no job', (state) => {
  expect(takesJobs({ name: 'n', state, reason: '' })).toBe(false);
});

test.each(['allocated', 'idle', 'mixed', 'completing', 'idle~', 'planned'])('%s takes jobs', (state) => {
  expect(takesJobs({ name: 'n', state, reason: '' })).toBe(true);
});
