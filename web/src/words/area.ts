import { language, type Language } from './language';

/** A text, or what makes one of its values: a name, a count. */
export type Text = string | ((...values: never[]) => string);

type Area<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] };

/**
 * The texts of one area of the app, each with its languages side by side. What it returns has the
 * same keys, and each gives its text in the language of the moment: `home.start`, `room.joined(name)`.
 * The compiler sees to it that no language is missing, and that all take the same values.
 */
export function area<T extends Record<string, Text>>(table: {
  readonly [K in keyof T]: Readonly<Record<Language, T[K]>>;
}): Area<T> {
  const texts = {} as Area<T>;
  for (const key of Object.keys(table) as (keyof T & string)[]) {
    Object.defineProperty(texts, key, { enumerable: true, get: () => table[key][language.get()] });
  }
  return texts;
}
