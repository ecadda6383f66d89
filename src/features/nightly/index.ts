/** Records of this feature, for readers of them: `import … from 'ocibench/nightly'`. */

export { type HistoryLine, historyLineSchema } from './history/record.ts';
export { type Notification, notificationSchema } from './notify/notification.ts';
