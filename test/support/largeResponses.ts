import { readConfig } from '../../src/config/readConfig.js';
import { protectionOf } from '../../src/process/gatewayOptions.js';

/** For tests whose responses are larger than the default limit, so that the kernel cannot buffer them whole. */
export const LARGE_RESPONSES = {
  queryLimits: protectionOf(readConfig({ MAX_RESPONSE_MEGABYTES: '64' })).queryLimits,
};
