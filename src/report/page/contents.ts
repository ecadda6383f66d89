import { openAround } from './filter.ts';

/** A section counts as the current one once its title is so far from the top, px. */
const readingLine = 140;

/** Marks in the table of contents where the reader is, and opens what a link leads to. */
export function startContents(): void {
  const menu = document.getElementById('contents');
  const here = menu?.querySelector('.here');
  const places = [...(menu?.querySelectorAll<HTMLAnchorElement>('a') ?? [])].flatMap((link) => {
    const target = targetOf(link.hash);
    return target === null ? [] : [{ link, target: target.closest('.fold') ?? target }];
  });
  let current: HTMLAnchorElement | null = null;
  const mark = () => {
    const { link = null } =
      places.findLast(({ target }) => target.getBoundingClientRect().top <= readingLine) ?? places[0] ?? {};
    if (link === current) return;
    current?.removeAttribute('aria-current');
    link?.setAttribute('aria-current', 'location');
    if (here !== null && here !== undefined) here.textContent = link?.textContent ?? '';
    current = link;
  };
  window.addEventListener('scroll', () => requestAnimationFrame(mark), { passive: true });
  mark();
  const follow = () => {
    const target = targetOf(location.hash);
    if (target === null) return;
    openAround(target);
    target.scrollIntoView();
  };
  window.addEventListener('hashchange', follow);
  if (location.hash !== '') follow();
  closeMenus();
}

function targetOf(hash: string): Element | null {
  return hash.length < 2 ? null : document.getElementById(decodeURIComponent(hash.slice(1)));
}

/** In a narrow window the menus lie over the report: a choice, or another menu, closes them. */
function closeMenus(): void {
  const menus = [...document.querySelectorAll<HTMLDetailsElement>('.menu')];
  const wide = window.matchMedia('(min-width: 75rem)');
  const settle = () => {
    for (const menu of menus) menu.open = wide.matches;
  };
  wide.addEventListener('change', settle);
  settle();
  document.addEventListener('click', ({ target }) => {
    if (wide.matches || !(target instanceof Element)) return;
    const inside = target.closest('.menu');
    for (const menu of menus) if (menu !== inside || target.closest('.menu a') !== null) menu.open = false;
  });
}
