/**
 * Elements that are moved where a new layout draws their owner elsewhere. A `<video>` in place of another one shows nothing
 * until a frame has come; one that is taken out of the page and put back in the same task goes on, unseen.
 *
 * The owner that goes leaves its element, and the one that comes takes it, by the same key. What nobody takes in the task is
 * disposed of.
 */
export class MovingElements<Element> {
  readonly #left = new Map<string, Element>();

  constructor(
    private readonly make: () => Element,
    private readonly dispose: (element: Element) => void,
  ) {}

  take(key: string): Element {
    const left = this.#left.get(key);
    this.#left.delete(key);
    return left ?? this.make();
  }

  leave(key: string, element: Element): void {
    const other = this.#left.get(key);
    if (other) this.dispose(other); // The same was shown in two places.
    this.#left.set(key, element);
    queueMicrotask(() => {
      if (this.#left.get(key) !== element) return;
      this.#left.delete(key);
      this.dispose(element);
    });
  }
}
