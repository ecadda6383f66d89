import { openAround } from './filter.ts';

/** A section is current once its title is within this distance of the top, px. */
const readingLine = 140;

/** Marks the current section in the table of contents, and opens the targets of links. */
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

/** Closes menus on a choice, or when another opens: in a narrow window they cover the report. */
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
