/** State of the controls. */
export interface PageState {
  /** Indices of the hidden runtimes. */
  readonly hidden: ReadonlySet<string>;
  /** Words that a workload's name must contain. */
  readonly search: string;
  /** Only rows that claim a difference. */
  readonly differences: boolean;
  readonly theme: string;
}

const themes = ['auto', 'light', 'dark'];

/** The state in the page's address: `?q=fio&differences=1&hide=1,2&theme=dark`. */
export function stateOf(query: string): PageState {
  const said = new URLSearchParams(query);
  const theme = said.get('theme') ?? 'auto';
  return {
    hidden: new Set((said.get('hide') ?? '').split(',').filter((index) => index !== '')),
    search: said.get('q') ?? '',
    differences: said.get('differences') === '1',
    theme: themes.includes(theme) ? theme : 'auto',
  };
}

/** The query for a state, without default values. */
export function queryOf({ hidden, search, differences, theme }: PageState): string {
  const said = new URLSearchParams();
  if (search !== '') said.set('q', search);
  if (differences) said.set('differences', '1');
  if (hidden.size > 0) said.set('hide', [...hidden].join(','));
  if (theme !== 'auto') said.set('theme', theme);
  const query = said.toString().replaceAll('%2C', ',');
  return query === '' ? '' : `?${query}`;
}
