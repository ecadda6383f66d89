import type { TooltipHandler } from 'vega';

const gap = 12;

/** A box beside the pointer that describes a mark: several lines of text, or names with values. */
export function makeTooltip(): TooltipHandler {
  const box = document.createElement('div');
  box.className = 'tooltip';
  box.hidden = true;
  // Hidden from screen readers: every value is in a table, too.
  box.setAttribute('aria-hidden', 'true');
  document.body.append(box);
  return (_handler, event, _item, value) => {
    box.hidden = value === null || value === undefined || value === '';
    if (box.hidden) return;
    box.textContent =
      typeof value === 'object'
        ? Object.entries(value)
            .map(([name, text]) => `${name}: ${text}`)
            .join('\n')
        : String(value);
    const { width, height } = box.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const left =
      event.clientX + gap + width > clientWidth ? event.clientX - gap - width : event.clientX + gap;
    const top =
      event.clientY + gap + height > clientHeight ? event.clientY - gap - height : event.clientY + gap;
    box.style.left = `${Math.max(0, left)}px`;
    box.style.top = `${Math.max(0, top)}px`;
  };
}
