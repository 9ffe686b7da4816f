import { ApiError } from './problem';

/** How long a request may take, in milliseconds. */
const kTimeout = 15_000;

/** Speaks to the server's HTTP API (docs/api.md) with the cookies of this browser. */
export class Api {
  readonly #base: string;

  /** `url` is where the server is; the page's own origin by default. */
  constructor(url = '') {
    this.#base = url.replace(/\/+$/, '');
  }

  /**
   * Sends a request and gives the answer's JSON; undefined where it has none. Throws an {@link ApiError}. With
   * `keepalive` the answer's cookies arrive even if the page goes.
   */
  async request(method: string, path: string, body?: object, keepalive = false): Promise<unknown> {
    const answer = await this.#fetch(method, path, body, keepalive);
    const text = await answer.text().catch(() => '');
    const json = parse(text);
    if (!answer.ok) throw problem(answer, json);
    return json;
  }

  async #fetch(method: string, path: string, body: object | undefined, keepalive: boolean): Promise<Response> {
    try {
      return await fetch(`${this.#base}${path}`, {
        method,
        credentials: 'include',
        cache: 'no-store',
        keepalive,
        signal: AbortSignal.timeout(kTimeout),
        ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
      });
    } catch (error) {
      throw new ApiError(0, error instanceof Error ? error.message : String(error), undefined, undefined);
    }
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problem(answer: Response, json: unknown): ApiError {
  const { detail, title, field } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const message = [detail, title].find((text): text is string => typeof text === 'string' && text !== '');
  const seconds = Number(answer.headers.get('Retry-After') ?? NaN);
  return new ApiError(
    answer.status,
    message ?? `The server answered ${answer.status}.`,
    typeof field === 'string' ? field : undefined,
    Number.isFinite(seconds) ? seconds : undefined,
  );
}
