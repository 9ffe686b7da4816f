/** Reads the server's JSON field by field: what is missing or of another kind gets the default. */
export class Fields {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(json: unknown) {
    this.#fields = new Map(typeof json === 'object' && json !== null ? Object.entries(json) : []);
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    return typeof value === 'string' ? value : '';
  }

  number(name: string): number | undefined {
    const value = this.#fields.get(name);
    return typeof value === 'number' ? value : undefined;
  }

  flag(name: string): boolean {
    return this.#fields.get(name) === true;
  }

  object(name: string): Fields {
    return new Fields(this.#fields.get(name));
  }

  /** The array's elements; none if it is no array. */
  list(name: string): Fields[] {
    const value = this.#fields.get(name);
    return Array.isArray(value) ? value.map((element: unknown) => new Fields(element)) : [];
  }
}
