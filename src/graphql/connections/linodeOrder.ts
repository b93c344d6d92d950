import type { LinodeModel } from '../models/linode.js';
import type { Order } from './order.js';

/** By number. */
export const LINODE_ORDER: Order<LinodeModel> = {
  signature: 'linodes',
  keys: [],
  tie: ({ linodeId }) => linodeId.padStart(20, '0'),
};
