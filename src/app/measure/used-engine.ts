import type { KataOverheads } from '../../core/collect/kata-overheads.ts';
import type { Container, Engine } from '../../core/engine/engine.ts';
import type { RuntimeEntry } from '../../core/model/runtime/runtime.ts';
import { familyOfEntry, mayStartGuests } from '../../core/runtimes/registry.ts';

/**
 * The engine with every container that may leave cgroups of Kata written down as soon as it exists, whichever command creates
 * it. Runtimes that share the host's kernel leave none.
 */
export function writtenDown<T extends Engine>(
  engine: T,
  overheads: Pick<KataOverheads, 'created'>,
  entries: readonly RuntimeEntry[],
): T {
  const leavesNone = new Set(
    entries.flatMap((entry) => (mayStartGuests(familyOfEntry(entry)) ? [] : [entry.name])),
  );
  return new Proxy(engine, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name);
      if (name !== 'create') return typeof value === 'function' ? value.bind(of) : value;
      return async (...[spec, signal]: Parameters<Engine['create']>): Promise<Container> => {
        const container = await of.create(spec, signal);
        if (!leavesNone.has(spec.runtime)) overheads.created(container.id);
        return container;
      };
    },
  });
}
