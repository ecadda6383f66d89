/** Metric names of `openmetrics` and `textfile`. Users' dashboards and rules rely on them. */
export const metricNames = {
  ratio: 'ocibench_ratio',
  ratioLow: 'ocibench_ratio_low',
  ratioHigh: 'ocibench_ratio_high',
  /** Prefix: the unit follows. */
  value: 'ocibench_value',
  valueLow: 'ocibench_value_low',
  valueHigh: 'ocibench_value_high',
  median: 'ocibench_median',
  blocks: 'ocibench_figure_blocks',
  disturbed: 'ocibench_figure_disturbed_ratio',
  nightStatus: 'ocibench_night_status',
  nightSeconds: 'ocibench_night_measuring_seconds',
  nightFigures: 'ocibench_night_figures',
  nightDisturbed: 'ocibench_night_disturbed_ratio',
  nightStart: 'ocibench_night_start_timestamp_seconds',
  figuresStart: 'ocibench_figures_start_timestamp_seconds',
  newAlarms: 'ocibench_new_alarms',
  openAlarms: 'ocibench_open_alarms',
  runtimeInfo: 'ocibench_runtime_info',
  hostInfo: 'ocibench_host_info',
} as const;
