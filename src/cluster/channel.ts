/** Carries messages to one other process, in the order in which they were sent. */
export interface Channel<Out, In> {
  send(message: Out): void;
  /** There is one listener; what came before it is lost. */
  onMessage(listener: (message: In) => void): void;
}
