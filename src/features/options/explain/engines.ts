import type { EngineShape } from '../../../core/config/engine-shape.ts';
import type { Setting } from './settings.ts';

/** The engine without any of the settings, which all others are compared with. */
export const plainEngine = 'plain';
/** The engine that has all of them. */
export const wholeEngine = 'all';

/** Name of the engine that has a setting and nothing else. */
export function engineOfSetting({ keys: [key] }: Setting): string {
  return key === undefined ? plainEngine : key;
}

/** The settings whose cost is measured. */
export function measuredSettings(settings: readonly Setting[]): readonly Setting[] {
  return settings.filter(({ notMeasured }) => notMeasured === null);
}

/**
 * The engines that show what settings cost: one without them, one for each, and one with all of them where there are
 * several. An engine that dockerd does not start with keeps its rows with dockerd's reason.
 */
export function enginesFor(settings: readonly Setting[]): EngineShape[] {
  const measured = measuredSettings(settings);
  const all = Object.assign({}, ...measured.map(({ values }) => values)) as Record<string, unknown>;
  return [
    { name: plainEngine },
    ...measured.map((setting) => ({
      name: engineOfSetting(setting),
      daemonJson: { ...setting.values },
      optional: true,
    })),
    ...(measured.length > 1 ? [{ name: wholeEngine, daemonJson: all, optional: true }] : []),
  ];
}
