/** Lists of images, views of one image, all other reads, and writes. */
export type CallKind = 'list' | 'view' | 'other' | 'write';

/**
 * What a read is for. `interactive`: a client waits for it. `background`: refresh-ahead and polling, which leave room
 * for that. `unknownId`: the view of an ID that no list contains; clients can invent any number of those. `live`: the
 * poller of a caller's subscriptions, which leaves as much room as `background` and never takes more than its share.
 */
export type CallPriority = 'interactive' | 'background' | 'unknownId' | 'live';
