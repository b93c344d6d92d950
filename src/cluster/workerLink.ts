import type { Channel } from './channel.js';
import type { Clock } from '../clock.js';
import { Asker } from './asker.js';
import type { ToPrimary, ToWorker } from './messages.js';
import { ReplicaCatalogs, type ReplicaSettings } from './replicaCatalogs.js';

export interface WorkerLinkOptions {
  channel: Channel<ToPrimary, ToWorker>;
  clock: Clock;
  settings: ReplicaSettings;
  /** Told what does not concern catalogs. */
  onMessage?: (message: ToWorker) => void;
}

/** A worker's side: its copies of the primary's catalogs. */
export interface WorkerLink {
  catalogs: ReplicaCatalogs;
  asker: Asker;
}

export function createWorkerLink({ channel, clock, settings, onMessage }: WorkerLinkOptions): WorkerLink {
  const asker = new Asker(channel, clock);
  const catalogs = new ReplicaCatalogs(asker, clock, settings, ({ key: callerKey }, kind) => {
    channel.send({ type: 'filterRefused', callerKey, kind });
  });
  channel.onMessage((message) => {
    switch (message.type) {
      case 'answer':
        asker.answered(message);
        break;
      case 'drop':
        catalogs.drop(message.callerKey, message.epoch);
        channel.send({ type: 'dropped', id: message.id });
        break;
      case 'moved':
        catalogs.moved(message.callerKey, message.version);
        break;
      case 'filterRefused':
        catalogs.filterRefused(message.callerKey, message.kind);
        break;
      default:
        onMessage?.(message);
    }
  });
  return { catalogs, asker };
}
