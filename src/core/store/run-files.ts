/** Names of the records in a run directory. */
export const files = {
  run: 'run.json',
  schedule: 'schedule.jsonl',
  trials: 'trials.jsonl',
  readings: 'readings.jsonl',
} as const;
