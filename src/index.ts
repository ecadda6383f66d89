/**
 * The public API of the package `ocibench`: what a configuration, a user's own workload and a reader of records import.
 * Everything else is internal and may move without notice; these exports are kept.
 */

// Configuration: bench.config.ts.
export {
  type BenchConfig,
  benchConfigSchema,
  defineConfig,
  type Variant,
} from './core/config/define-config.ts';
// A user's own workloads.
export { defineWorkload, type OwnWorkload } from './core/config/define-workload.ts';
// Records: the files of a run, as zod schemas with their types.
export {
  type Analysis,
  analysisSchema,
  type SummaryRow,
  type Verdict,
} from './core/model/analysis/analysis.ts';
export { type GateReport, gateReportSchema } from './core/model/analysis/gate.ts';
export type { ErrorRecord } from './core/model/failure/error-record.ts';
export type { Check, EngineFacts, HostFacts } from './core/model/machine/host.ts';
export {
  type Preset,
  type ResolvedConfig,
  type RunRecord,
  runRecordSchema,
  schemaVersion,
} from './core/model/run/run.ts';
export { type RunComparison, runComparisonSchema } from './core/model/run/run-comparison.ts';
export { type ScheduledBlock, scheduledBlockSchema } from './core/model/run/schedule.ts';
export type { Preflight, RuntimeEntry, RuntimeFacts, RuntimeFamily } from './core/model/runtime/runtime.ts';
export {
  type Cell,
  cellKey,
  formatParams,
  type Params,
  parseParams,
  subjectKey,
} from './core/model/trial/cell.ts';
export { between, type Evidence, figureOf, outputOf } from './core/model/trial/evidence.ts';
export { ParseError } from './core/model/trial/parser-output.ts';
export { stamped, untilListening } from './core/model/trial/stamped.ts';
export {
  type Figure,
  type Mark,
  type Reading,
  readingSchema,
  type ToolOutput,
  type TrialOutcome,
  type TrialRecord,
  trialRecordSchema,
  type WorkWindow,
} from './core/model/trial/trial.ts';
export type { ImageRecipe, ImageSource } from './core/model/workload/image.ts';
export type {
  Better,
  Category,
  Fact,
  MetricDefinition,
  ParsedValue,
  Unit,
} from './core/model/workload/metric.ts';
export type { Group, PeerRequest, ScenarioStep, ServiceProtocol } from './core/model/workload/scenario.ts';
export {
  type ContainerNeeds,
  type ContainerRequest,
  defaultMemoryBytes,
  droppedCapabilities,
  logDrivers,
  type MountRequest,
  type Observation,
  type Workload,
} from './core/model/workload/workload.ts';
