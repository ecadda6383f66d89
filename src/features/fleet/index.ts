/** Schemas and types of this feature's records: `import … from 'ocibench/fleet'`. */

export { type Combined, combinedSchema } from './merge/combined-record.ts';
export { type Fleet, fleetSchema } from './merge/fleet-record.ts';
