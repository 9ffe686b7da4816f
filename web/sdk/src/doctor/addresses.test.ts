import { describe, expect, it } from 'vitest';
import { isPrivate, natOf, type Candidate } from './addresses';

const host = (address: string, port: number, network?: string): Candidate => ({ type: 'host', address, port, network });
const mapped = (address: string, port: number, network?: string): Candidate => ({
  type: 'srflx',
  address,
  port,
  network,
});
const nat = (candidates: Candidate[], reached = [true, true, true]) =>
  natOf({ candidates, complete: true, failed: false }, reached);

describe('the kind of NAT', () => {
  it('is unknown without a server, and blocked where none answers', () => {
    expect(nat([], [])).toBe('unknown');
    expect(nat([host('x.local', 1)], [false, false])).toBe('blocked');
  });

  it('is none where the server sees what we have', () => {
    expect(nat([host('198.51.100.7', 5, '1')])).toBe('none');
    expect(nat([host('198.51.100.7', 5), mapped('198.51.100.7', 5)])).toBe('none');
    expect(nat([host('x.local', 5, '1'), mapped('192.168.1.2', 5, '1')])).toBe('none');
  });

  it('is none for no other computer’s private address, and for no public one that a name may hide', () => {
    expect(nat([host('x.local', 5, '1'), mapped('192.168.1.2', 6, '1')])).toBe('independent');
    expect(nat([host('x.local', 5, '1'), mapped('198.51.100.7', 5, '1')])).toBe('independent');
  });

  it('depends on the server where one socket has several addresses', () => {
    expect(nat([host('x.local', 5, '1'), mapped('198.51.100.7', 9, '1'), mapped('198.51.100.7', 10, '1')])).toBe(
      'dependent',
    );
    expect(nat([mapped('198.51.100.7', 9), mapped('198.51.100.7', 10)])).toBe('dependent');
  });

  it('does not take two interfaces, or two families, for one socket', () => {
    const two = [host('x.local', 5, '1'), host('y.local', 6, '2')];
    expect(nat([...two, mapped('198.51.100.7', 9, '1'), mapped('198.51.100.8', 9, '2')])).toBe('independent');
    expect(nat([host('x.local', 5), host('y.local', 6), mapped('198.51.100.7', 9), mapped('198.51.100.7', 10)])).toBe(
      'independent',
    );
    expect(nat([host('x.local', 5, '1'), mapped('198.51.100.7', 9, '1'), mapped('2001:db8::1', 9, '1')])).toBe(
      'independent',
    );
  });

  it('cannot be told by one server', () => {
    expect(nat([host('x.local', 5, '1'), mapped('198.51.100.7', 9, '1')], [true, false])).toBe('unknown');
  });
});

describe('a private address', () => {
  it.each([
    '10.1.2.3',
    '127.0.0.1',
    '169.254.1.1',
    '192.168.0.9',
    '172.16.0.1',
    '172.31.9.9',
    '::1',
    'fd00::1',
    'fe80::1',
  ])('is %s', (address) => expect(isPrivate(address)).toBe(true));
  it.each(['198.51.100.7', '172.32.0.1', '172.15.0.1', '11.0.0.1', '2001:db8::1', '100.64.0.1'])(
    'is not %s',
    (address) => expect(isPrivate(address)).toBe(false),
  );
});
