import { notices } from '../../../../core/messages/define.ts';

/** What formats cannot hold. */
export const leftOut = notices('history.export', {
  noNight: 'this host has no night yet',
  nothing: 'the newest night measured nothing',
  noDirection: 'left out, since neither direction of them is better: {series}',
});
