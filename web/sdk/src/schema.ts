/**
 * What arrives from the network, checked while it is given its type: a `Schema<T>` is the runtime
 * twin of the type `T`, so that the two cannot drift apart.
 */
export interface Schema<T> {
  /** In the words of docs/protocol.md: `string`, `boolean`, `array of Participant` … */
  readonly type: string;
  readonly optional: boolean;
  /** Returns `value` as a `T`, or throws a {@link Mismatch} that names the field at fault. */
  read(value: unknown, field: string): T;
}

/** The TypeScript type that a schema stands for. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never;

/** A message is not what the protocol says it is. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
  constructor(
    /** The path of the field at fault, for example `participants[1].sid`. */
    readonly field: string,
    expected: string,
    value: unknown,
  ) {
    super(`${field || 'message'}: must be ${expected}, not ${describe(value)}`);
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function schema<T>(type: string, read: Schema<T>['read']): Schema<T> {
  return { type, optional: false, read };
}

export const string: Schema<string> = schema('string', (value, field) => {
  if (typeof value !== 'string') throw new Mismatch(field, 'a string', value);
  return value;
});

export const boolean: Schema<boolean> = schema('boolean', (value, field) => {
  if (typeof value !== 'boolean') throw new Mismatch(field, 'a boolean', value);
  return value;
});

export const number: Schema<number> = schema('number', (value, field) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Mismatch(field, 'a number', value);
  return value;
});

/** One of a few fixed strings. */
export function oneOf<const T extends string>(...options: readonly T[]): Schema<T> {
  return schema(options.join('|'), (value, field) => {
    const found = options.find((option) => option === value);
    if (found === undefined) throw new Mismatch(field, `one of ${options.join(', ')}`, value);
    return found;
  });
}

export function arrayOf<T>(item: Schema<T>): Schema<T[]> {
  return schema(`array of ${item.type}`, (value, field) => {
    if (!Array.isArray(value)) throw new Mismatch(field, 'an array', value);
    return value.map((element: unknown, index) => item.read(element, `${field}[${index}]`));
  });
}

/** An object whose keys are not fixed. */
export function recordOf<T>(item: Schema<T>): Schema<Record<string, T>> {
  return schema('object', (value, field) => {
    const entries = Object.entries(asObject(value, field));
    return Object.fromEntries(entries.map(([key, element]) => [key, item.read(element, join(field, key))]));
  });
}

export function nullable<T>(inner: Schema<T>): Schema<T | null> {
  return schema(`${inner.type} or null`, (value, field) => (value === null ? null : inner.read(value, field)));
}

export function either<A, B>(a: Schema<A>, b: Schema<B>): Schema<A | B> {
  return schema(`${a.type} or ${b.type}`, (value, field) => {
    try {
      return a.read(value, field);
    } catch {
      return b.read(value, field);
    }
  });
}

export function optional<T>(inner: Schema<T>): Schema<T | undefined> {
  return {
    type: inner.type,
    optional: true,
    read: (value, field) => (value === undefined ? undefined : inner.read(value, field)),
  };
}

/** What an older server does not tell: `fallback` stands for it. */
export function since<T>(inner: Schema<T>, fallback: T): Schema<T> {
  return { ...inner, read: (value, field) => (value === undefined ? fallback : inner.read(value, field)) };
}

/** The fields of an object, each with its schema. */
export type Shape = Readonly<Record<string, Schema<unknown>>>;

type OptionalKeys<S extends Shape> = { [K in keyof S]: undefined extends TypeOf<S[K]> ? K : never }[keyof S];
type Simplify<T> = { [K in keyof T]: T[K] };
export type ObjectOf<S extends Shape> = Simplify<
  { [K in Exclude<keyof S, OptionalKeys<S>>]: TypeOf<S[K]> } & { [K in OptionalKeys<S>]?: TypeOf<S[K]> }
>;

/** A schema of an object that lets its fields be listed. */
export interface ObjectSchema<S extends Shape> extends Schema<ObjectOf<S>> {
  readonly shape: S;
}

/** Fields that are not in `shape` are left out: a newer server may send more. */
export function object<const S extends Shape>(type: string, shape: S): ObjectSchema<S> {
  const read = (value: unknown, field: string): ObjectOf<S> => {
    const source = asObject(value, field);
    const result: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(shape)) {
      const element = inner.read(source[key], join(field, key));
      if (element !== undefined) result[key] = element;
    }
    return result as ObjectOf<S>;
  };
  return { type, optional: false, shape, read };
}

function asObject(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Mismatch(field, 'an object', value);
  }
  return value as Record<string, unknown>;
}

function join(field: string, key: string): string {
  return field ? `${field}.${key}` : key;
}
