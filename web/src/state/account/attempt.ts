import { ApiError } from '@parley/client';
import { FormError } from './form';
import type { Trouble, TroubleKind } from './trouble';

type ByStatus = Readonly<Partial<Record<number, TroubleKind>>>;

const kByStatus: ByStatus = {
  0: 'offline',
  401: 'logged-out',
  403: 'forbidden',
  404: 'gone',
  409: 'taken',
  502: 'unavailable',
  503: 'unavailable',
};

/** How long to wait where the server does not say, in seconds. */
const kWait = 60;

/** Runs a request, and says what its failure means: `known` has the meanings of this one. */
export async function attempt<T>(request: () => Promise<T>, known: ByStatus = {}, field?: string): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw formError(error, known, field);
  }
}

/** `field` is at fault for what is in `known`, unless the server names another. */
export function formError(error: unknown, known: ByStatus = {}, field?: string, now = Date.now()): FormError {
  if (!(error instanceof ApiError)) return new FormError({ kind: 'unavailable' });
  return new FormError(troubleOf(error, known, now), error.field ?? (error.status in known ? field : undefined));
}

function troubleOf({ status, message, retryAfter }: ApiError, known: ByStatus, now: number): Trouble {
  if (status === 429) return { kind: 'wait', until: now + (retryAfter ?? kWait) * 1000 };
  const kind = known[status] ?? kByStatus[status];
  return kind ? { kind } : { kind: 'said', text: message };
}
