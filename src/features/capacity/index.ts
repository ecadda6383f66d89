/** Schemas and types of this feature's records: `import … from 'ocibench/capacity'`. */

export { type CapacityPlan, capacityPlanSchema } from './plan/capacity-plan.ts';
export { type Prediction, predictionSchema } from './predict/prediction.ts';
export { type Recording, recordingSchema } from './recording/recording.ts';
export { type Overhead, overheadSchema } from './sandbox/overhead-record.ts';
