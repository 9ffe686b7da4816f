/** Receives one event. What it returns is ignored, so an async listener is fine. */
export type Listener<T> = (event: T) => void;

/**
 * A typed event emitter. `Events` maps each event's name to its payload.
 *
 * A listener that throws does not keep the others from hearing: the error is rethrown from a task of
 * its own, so that it reaches `window.onerror` like any other.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** Calls `listener` at each `name`. Returns the function that stops it. */
  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Calls `listener` at the next `name` only. Returns the function that stops it. */
  once<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void {
    const stop = this.on(name, (event) => {
      stop();
      listener(event);
    });
    return stop;
  }

  protected emit<K extends keyof Events>(name: K, event: Events[K]): void {
    // A copy: a listener may add or remove listeners.
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as Listener<Events[K]>)(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
