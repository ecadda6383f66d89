/** Schemas and types of this feature's records: `import … from 'ocibench/nightly'`. */

export { type HistoryLine, historyLineSchema } from './history/record.ts';
export { type Notification, notificationSchema } from './notify/notification.ts';
