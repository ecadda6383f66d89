import app from './fr/app.json' with { type: 'json' };
import charts from './fr/charts.json' with { type: 'json' };
import collect from './fr/collect.json' with { type: 'json' };
import config from './fr/config.json' with { type: 'json' };
import engine from './fr/engine.json' with { type: 'json' };
import general from './fr/general.json' with { type: 'json' };
import report from './fr/report.json' with { type: 'json' };
import runtimes from './fr/runtimes.json' with { type: 'json' };
import workloads from './fr/workloads.json' with { type: 'json' };

/** id → French ICU template. In it `~` is a no-break space, which an editor would not show. */
export const frenchCatalogue: Readonly<Record<string, string>> = {
  ...general,
  ...app,
  ...charts,
  ...collect,
  ...config,
  ...engine,
  ...report,
  ...runtimes,
  ...workloads,
};

/** The French template of a message, with its no-break spaces; undefined where there is none. */
export function french(id: string): string | undefined {
  return Object.hasOwn(frenchCatalogue, id) ? frenchCatalogue[id]?.replaceAll('~', '\u00a0') : undefined;
}
