/** Records of this feature, for readers of them: `import … from 'ocibench/fleet'`. */

export { type Fleet, fleetSchema } from './merge/fleet-record.ts';
