import { Store } from '../store';
import { accountSession } from './identity';
import { attempt } from './attempt';
import { Listing } from './listing';
import { Fields } from './read';

/** Lets a program act for the account. Its secret is shown once, and not kept. */
export interface ApiToken {
  readonly id: number;
  readonly name: string;
  readonly created: number | undefined;
  /** Undefined: never. */
  readonly expires: number | undefined;
  readonly lastUsed: number | undefined;
}

export const apiTokens = new Listing<ApiToken>(() =>
  attempt(async () => readTokens(await accountSession().request('GET', '/api/tokens'))),
);

/** The token that was made just now: the only time that it can be seen. */
export const newToken = new Store<{ readonly name: string; readonly token: string } | undefined>(undefined);

/** How long a token may hold, in days; 0: for ever. */
export const kTokenDays = [30, 90, 365, 0] as const;

export async function makeToken(name: string, days: number): Promise<void> {
  const made = await attempt(async () =>
    new Fields(
      await accountSession().request('POST', '/api/tokens', {
        name: name.trim(),
        ...(days > 0 && { expiresInDays: days }),
      }),
    ).text('token'),
  );
  newToken.set({ name: name.trim(), token: made });
  await apiTokens.load();
}

export function revokeToken(id: number): Promise<boolean> {
  return apiTokens.change(() => attempt(() => accountSession().request('DELETE', `/api/tokens/${id}`)));
}

export function readTokens(json: unknown): ApiToken[] {
  return new Fields(json).list('tokens').map((one) => ({
    id: one.number('id') ?? 0,
    name: one.text('name'),
    created: one.number('created'),
    expires: one.number('expires'),
    lastUsed: one.number('lastUsed'),
  }));
}
