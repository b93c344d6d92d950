import { Counter, type Registry } from 'prom-client';
import type { EndReason, SubscriptionObserver, Transport } from '../../http/streams/openSubscriptions.js';
import { registerGauge } from './gauge.js';

/** Read when metrics are. */
export interface SubscriptionState {
  /** Open subscriptions. */
  open: number;
  /** Callers that are polled. */
  callers: number;
}

/** The metrics of subscriptions. */
export class SubscriptionMetrics implements SubscriptionObserver {
  readonly #events;
  readonly #ended;

  constructor(registry: Registry, state: () => SubscriptionState) {
    const registers = [registry];
    registerGauge(registry, 'gateway_subscriptions', 'Open subscriptions.', 'sum', () => state().open);
    registerGauge(
      registry,
      'gateway_live_callers',
      'Callers whose images are polled for subscriptions.',
      'sum',
      () => state().callers,
    );
    this.#events = new Counter({
      name: 'gateway_subscription_events_total',
      help: 'Events sent to subscribers.',
      labelNames: ['transport'],
      registers,
    });
    this.#ended = new Counter({
      name: 'gateway_subscriptions_ended_total',
      help: 'Subscriptions that have ended. Reason slow: the subscriber was disconnected because it did not read.',
      labelNames: ['transport', 'reason'],
      registers,
    });
  }

  event(transport: Transport): void {
    this.#events.inc({ transport });
  }

  ended(transport: Transport, reason: EndReason): void {
    this.#ended.inc({ transport, reason });
  }
}
