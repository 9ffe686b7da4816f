import { Store } from '../store';
import type { Trouble } from './trouble';

type Values<Field extends string> = Readonly<Record<Field, string>>;
type Troubles<Field extends string> = { readonly [key in Field | 'form']?: Trouble | undefined };

/** What a form shows. A trouble with no field of its own is under `form`. */
export interface FormState<Field extends string> {
  readonly values: Values<Field>;
  readonly troubles: Troubles<Field>;
  readonly busy: boolean;
}

/** Thrown by what a form is sent to: one field, or the form as a whole, is in trouble. */
export class FormError extends Error {
  override readonly name = 'FormError';
  constructor(
    readonly trouble: Trouble,
    readonly field?: string,
  ) {
    super(trouble.kind);
  }
}

const kNoTroubles = {};

type Check<Field extends string> = (value: string, values: Values<Field>) => Trouble | undefined;

interface FormOptions<Field extends string> {
  readonly values: Values<Field>;
  /** What is wrong with a value, before it is sent. */
  readonly check?: { readonly [key in Field]?: Check<Field> };
  /** Rejects with a {@link FormError}. */
  readonly send: (values: Values<Field>) => Promise<void>;
}

/** A form's values, what is wrong with them, and its way to the server: once at a time. */
export class Form<Field extends string> extends Store<FormState<Field>> {
  readonly #options: FormOptions<Field>;

  constructor(options: FormOptions<Field>) {
    super({ values: options.values, troubles: kNoTroubles, busy: false });
    this.#options = options;
  }

  /** A changed value is innocent again, and so is the form. */
  change(field: Field, value: string): void {
    this.update((now) => ({
      ...now,
      values: { ...now.values, [field]: value },
      troubles: { ...now.troubles, [field]: undefined, form: undefined },
    }));
  }

  reset(values = this.#options.values): void {
    this.set({ values, troubles: kNoTroubles, busy: false });
  }

  /** Checks and sends. Resolves to the first field in trouble, `form`, or undefined when it went well. */
  async submit(): Promise<Field | 'form' | undefined> {
    const { values, busy } = this.get();
    if (busy) return undefined;
    const found = this.#check(values);
    if (found.size > 0) {
      this.update((now) => ({ ...now, troubles: Object.fromEntries(found) as Troubles<Field> }));
      return [...found.keys()][0];
    }
    this.update((now) => ({ ...now, busy: true, troubles: kNoTroubles }));
    try {
      await this.#options.send(values);
      this.update((now) => ({ ...now, busy: false }));
      return undefined;
    } catch (error) {
      return this.#fail(error);
    }
  }

  #check(values: Values<Field>): Map<Field, Trouble> {
    const found = new Map<Field, Trouble>();
    const checks: Readonly<Record<string, Check<Field> | undefined>> = this.#options.check ?? {};
    for (const field of Object.keys(values) as Field[]) {
      const trouble = checks[field]?.(values[field], values);
      if (trouble) found.set(field, trouble);
    }
    return found;
  }

  #fail(error: unknown): Field | 'form' {
    this.update((now) => ({ ...now, busy: false }));
    if (!(error instanceof FormError)) throw error;
    const fields = Object.keys(this.get().values) as Field[];
    const at = fields.find((field) => field === error.field) ?? 'form';
    this.update((now) => ({ ...now, troubles: Object.fromEntries([[at, error.trouble]]) as Troubles<Field> }));
    return at;
  }
}
