import { type Reason, reasons } from '../../../../core/messages/define.ts';

const why = reasons('kubernetes', {
  pool: {
    message: "must be a number of nodes, or LABEL=VALUE:NUMBER, but is ''{value}''",
    fix: 'for example --pool 3, or --pool cloud.google.com/gke-nodepool=n2:3',
  },
});

/** Nodes of one kind, each of which is measured once. */
export interface Pool {
  /** The label that its nodes have; null: any node. */
  readonly label: { readonly key: string; readonly value: string } | null;
  readonly nodes: number;
}

/** Most pods of one Job here; more nodes take several pools. */
const maxNodes = 1_000;

const name = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const domain = '[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?';
/** Labels and their values as Kubernetes takes them ("Labels and Selectors"). */
const form = new RegExp(`^(?:((?:${domain}/)?${name})=(${name}):)?([1-9]\\d{0,3})$`);

/** `3` or `label=value:3`. */
export function parsePool(value: string): Pool | Reason {
  const [, key, labelled = '', digits = ''] = form.exec(value) ?? [];
  const nodes = Number(digits);
  if (digits === '' || nodes > maxNodes) return why.pool({ value });
  return { label: key === undefined ? null : { key, value: labelled }, nodes };
}
