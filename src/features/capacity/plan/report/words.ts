import { messages } from '../../../../core/messages/define.ts';
import type { Message } from '../../../../core/messages/message.ts';
import type { Resource } from '../capacity-plan.ts';

const names = messages('capacityPlan.resource', {
  cpuRequest: 'CPU requests',
  memoryRequest: 'memory requests',
  cpuUsage: 'CPU in use',
  memoryUsage: 'memory in use',
  pods: 'pods',
});

export const resourceNames: Readonly<Record<Resource, Message>> = {
  'cpu.request': names.cpuRequest,
  'memory.request': names.memoryRequest,
  'cpu.usage': names.cpuUsage,
  'memory.usage': names.memoryUsage,
  pods: names.pods,
};

/** Words that tables and pictures of a plan share. */
export const planWords = messages('capacityPlan', {
  title: 'Capacity plan',
  hosts: 'hosts',
  needed: 'needed',
  byRequests: 'by requests alone',
  byUsage: 'by real use alone',
  runtime: 'runtime',
  service: 'service',
});
