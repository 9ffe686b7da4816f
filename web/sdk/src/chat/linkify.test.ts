import { describe, expect, it } from 'vitest';
import { linkify } from './linkify';

const links = (text: string) => linkify(text).flatMap((part) => (typeof part === 'string' ? [] : [part.href]));
const whole = (text: string) =>
  linkify(text)
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('');

describe('linkify', () => {
  it('finds addresses in a sentence', () => {
    expect(linkify('See https://example.org/a?b=1#c, or mail ada@example.org.')).toEqual([
      'See ',
      { href: 'https://example.org/a?b=1#c', text: 'https://example.org/a?b=1#c' },
      ', or mail ',
      { href: 'mailto:ada@example.org', text: 'ada@example.org' },
      '.',
    ]);
    expect(links('www.example.org')).toEqual(['https://www.example.org/']);
    expect(links('HTTP://EXAMPLE.org')).toEqual(['http://example.org/']);
  });

  it('leaves the brackets around an address outside, and those in it inside', () => {
    expect(links('(https://example.org/a)')).toEqual(['https://example.org/a']);
    expect(links('https://en.wikipedia.org/wiki/Parley_(film)')).toEqual([
      'https://en.wikipedia.org/wiki/Parley_(film)',
    ]);
    expect(links('“https://example.org/”')).toEqual(['https://example.org/']);
  });

  it('lets nothing but http, https and mailto through', () => {
    for (const text of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript://example.org/%0aalert(1)',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:msgbox(1)',
      'file:///etc/passwd',
      'blob:null/1234',
      'java\nscript:alert(1)',
      'ftp://example.org',
      'https://',
      'http://[broken',
    ]) {
      expect(links(text), text).toEqual([]);
      expect(whole(text)).toBe(text);
    }
  });

  it('keeps markup what it is: text', () => {
    const text = '<img src=x onerror=alert(1)> <a href="javascript:alert(1)">https://example.org</a>';
    expect(whole(text)).toBe(text);
    expect(links(text)).toEqual(['https://example.org/']);
    expect(links('https://example.org/"onmouseover="alert(1)')).toEqual(['https://example.org/']);
    expect(links("https://example.org/'><script>alert(1)</script>")).toEqual(['https://example.org/']);
    for (const href of links('https://example.org/<b>')) expect(href).not.toMatch(/[<>"'\s]/);
  });

  it('makes no link that looks as if it led elsewhere', () => {
    expect(links('https://bank.example@evil.example/')).toEqual([]);
    expect(links('https://user:word@evil.example/')).toEqual([]);
    // A right-to-left override would turn the rest of the address around.
    expect(links('https://example.org/\u202egpj.exe')).toEqual(['https://example.org/']);
  });

  it('is quick with long nonsense', () => {
    const began = performance.now();
    for (const text of [
      'a@'.repeat(2000),
      'www.'.repeat(1000),
      '('.repeat(4000),
      `https://e.org/${'('.repeat(3900)}`,
    ]) {
      expect(whole(text)).toBe(text);
    }
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('gives every message back whole', () => {
    for (const text of ['', 'plain', 'https://a.org https://b.org', 'x https://a.org', 'https://a.org\n\ny']) {
      expect(whole(text)).toBe(text);
    }
  });
});
