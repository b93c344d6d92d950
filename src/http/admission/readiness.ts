/** Why no work should be sent here, in the words that `/health/ready` answers. */
export type Unreadiness = 'draining' | 'overloaded' | 'upstream has not answered yet';

/** Whether orchestrators should send work. */
export class Readiness {
  #isDraining = false;
  #hasUpstreamAnswered: boolean;
  #upstreamProblem: string | undefined;

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

  /** What is wrong with the upstream and what to check, while that is the reason; undefined if it is not known yet. */
  get upstreamProblem(): string | undefined {
    return this.reason === 'upstream has not answered yet' ? this.#upstreamProblem : undefined;
  }

  /** There is no way back. */
  drain(): void {
    this.#isDraining = true;
  }

  upstreamFailed(problem: string): void {
    this.#upstreamProblem = problem;
  }

  /** One answer is enough: an outage later must not take every gateway from its load balancer at once. */
  upstreamAnswered(): void {
    this.#hasUpstreamAnswered = true;
  }
}
