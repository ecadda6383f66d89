/** Schemas and types of this feature's records: `import … from 'ocibench/capacity'`. */

export { type PlanShape, planShape } from './app/plan/plan-shape.ts';
export { type Overhead, overheadSchema } from './overhead/overhead-record.ts';
export { type CapacityPlan, capacityPlanSchema } from './plan/capacity-plan.ts';
export { type Recording, recordingSchema } from './recording/recording.ts';
