import { ApiError } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { troubleWords } from '../../words/trouble';
import { formError } from './attempt';
import { Form, FormError } from './form';
import { roomNameOf } from './forms';
import { displayNameTrouble, nameTrouble, passwordTrouble } from './trouble';

const problem = (status: number, { field, retryAfter }: { field?: string; retryAfter?: number } = {}) =>
  new ApiError(status, 'The server says no.', field, retryAfter);

describe('Form', () => {
  const make = (send: () => Promise<void>) =>
    new Form({
      values: { name: '', password: '' },
      check: { name: nameTrouble, password: passwordTrouble },
      send,
    });

  it('sends nothing that is wrong, and names every field that is', async () => {
    let sent = 0;
    const form = make(() => Promise.resolve(void ++sent));
    form.change('password', 'short');
    expect(await form.submit()).toBe('name');
    expect(form.get().troubles).toEqual({ name: { kind: 'missing' }, password: { kind: 'password-short' } });
    expect(sent).toBe(0);
    form.change('name', 'ada');
    expect(form.get().troubles).toMatchObject({ name: undefined, password: { kind: 'password-short' } });
  });

  it('sends once at a time', async () => {
    let finish = (): void => undefined;
    let sent = 0;
    const form = make(() => {
      sent += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    });
    form.change('name', 'ada');
    form.change('password', 'long enough');
    const first = form.submit();
    expect(await form.submit()).toBeUndefined();
    expect(form.get().busy).toBe(true);
    finish();
    expect(await first).toBeUndefined();
    expect([sent, form.get().busy]).toEqual([1, false]);
  });

  it.each([
    ['name', 'name'],
    ['colour', 'form'],
    [undefined, 'form'],
  ])('puts what the server says of %s to %s', async (field, at) => {
    const form = make(() => Promise.reject(new FormError({ kind: 'taken' }, field)));
    form.change('name', 'ada');
    form.change('password', 'long enough');
    expect(await form.submit()).toBe(at);
    expect(form.get()).toMatchObject({ busy: false, troubles: { [at]: { kind: 'taken' } } });
  });

  it('lets through what is nobody’s mistake but ours', async () => {
    const form = make(() => Promise.reject(new TypeError('bug')));
    form.change('name', 'ada');
    form.change('password', 'long enough');
    await expect(form.submit()).rejects.toThrow('bug');
    expect(form.get().busy).toBe(false);
  });
});

describe('the rules', () => {
  it('are those of docs/api.md', () => {
    expect(['ada', 'a.b_c-9', 'ab', 'Ada', 'a b', '', 'a'.repeat(33)].map((name) => nameTrouble(name)?.kind)).toEqual([
      undefined,
      undefined,
      'name-length',
      'name-letters',
      'name-letters',
      'missing',
      'name-length',
    ]);
    expect(['12345678', 'ééé', 'é'.repeat(37), ''].map((text) => passwordTrouble(text)?.kind)).toEqual([
      undefined,
      'password-short',
      'password-long',
      'missing',
    ]);
    expect(['Ada', '  ', 'x'.repeat(65)].map((text) => displayNameTrouble(text)?.kind)).toEqual([
      undefined,
      'missing',
      'too-long',
    ]);
  });

  it('make a room’s name of what people type', () => {
    expect(roomNameOf('  Daily  Stand-up ')).toBe('daily-stand-up');
  });
});

describe('formError', () => {
  it('reads the status by the request’s own meaning, then by the usual one', () => {
    expect(formError(problem(401), { 401: 'wrong-login' })).toMatchObject({ trouble: { kind: 'wrong-login' } });
    expect(formError(problem(401)).trouble).toEqual({ kind: 'logged-out' });
    expect(formError(problem(0)).trouble).toEqual({ kind: 'offline' });
    expect(formError(problem(418)).trouble).toEqual({ kind: 'said', text: 'The server says no.' });
    expect(formError(new TypeError('?')).trouble).toEqual({ kind: 'unavailable' });
  });

  it('names the field that the server names, else the one that the meaning is about', () => {
    expect(formError(problem(400, { field: 'name' }), {}, 'password').field).toBe('name');
    expect(formError(problem(403), { 403: 'wrong-password' }, 'password').field).toBe('password');
    expect(formError(problem(500), { 403: 'wrong-password' }, 'password').field).toBeUndefined();
  });

  it('tells how long to wait', () => {
    const { trouble } = formError(problem(429, { retryAfter: 30 }), {}, undefined, 1000);
    expect(trouble).toEqual({ kind: 'wait', until: 31_000 });
    expect(troubleWords(trouble, 1000)).toBe('Too many attempts. Try again in 30 seconds.');
    expect(troubleWords(trouble, 30_000)).toBe('Too many attempts. Try again in 1 second.');
    expect(troubleWords(trouble, 31_000)).toBe('You may try again now.');
    expect(troubleWords({ kind: 'wait', until: 600_000 }, 0)).toBe('Too many attempts. Try again in 10 minutes.');
    expect(formError(problem(429), {}, undefined, 0).trouble).toEqual({ kind: 'wait', until: 60_000 });
  });
});
