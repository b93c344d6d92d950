/** Why no work should be sent here, in the words that `/health/ready` answers. */
export type Unreadiness = 'draining' | 'overloaded' | 'upstream has not answered yet';

/** Whether orchestrators should send work. */
export class Readiness {
  #isDraining = false;
  #hasUpstreamAnswered: boolean;

  /** @param isOverloaded asked each time */
  constructor(
    private readonly isOverloaded: () => boolean,
    { awaitsUpstream }: { awaitsUpstream: boolean },
  ) {
    this.#hasUpstreamAnswered = !awaitsUpstream;
  }

  /** The first reason that holds, null when ready. */
  get reason(): Unreadiness | null {
    if (this.#isDraining) return 'draining';
    if (!this.#hasUpstreamAnswered) return 'upstream has not answered yet';
    return this.isOverloaded() ? 'overloaded' : null;
  }

  /** There is no way back. */
  drain(): void {
    this.#isDraining = true;
  }

  /** One answer is enough: an outage later must not take every gateway from its load balancer at once. */
  upstreamAnswered(): void {
    this.#hasUpstreamAnswered = true;
  }
}
