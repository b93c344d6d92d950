import type { EventModel } from '../models/event.js';
import type { Order } from './order.js';

const number = ({ eventId }: EventModel): string => eventId.padStart(20, '0');

/** Newest first: Linode numbers events consecutively. */
export const EVENT_ORDER: Order<EventModel> = {
  signature: '-events',
  keys: [{ type: 'string', value: number, isDescending: true }],
  tie: number,
};
