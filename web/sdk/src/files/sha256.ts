/**
 * SHA-256 (FIPS 180-4) of bytes that come piece by piece. WebCrypto hashes only what lies in memory whole, and
 * only on secure pages.
 */
export class Sha256 {
  readonly #state = new Uint32Array(kInitial);
  readonly #block = new Uint8Array(64);
  readonly #words = new Uint32Array(64);
  #filled = 0;
  #length = 0;

  update(bytes: Uint8Array): this {
    this.#length += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + 64 - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === 64) this.#compress();
    }
    return this;
  }

  /** The hash in hexadecimal. Nothing can be added after that. */
  hex(): string {
    const bits = this.#length * 8;
    this.update(Uint8Array.of(0x80));
    while (this.#filled !== 56) this.update(Uint8Array.of(0));
    const length = new DataView(this.#block.buffer);
    length.setUint32(56, Math.floor(bits / 2 ** 32));
    length.setUint32(60, bits >>> 0);
    this.#compress();
    return [...this.#state].map((word) => word.toString(16).padStart(8, '0')).join('');
  }

  #compress(): void {
    const words = this.#words;
    const block = new DataView(this.#block.buffer);
    for (let index = 0; index < 16; ++index) words[index] = block.getUint32(index * 4);
    for (let index = 16; index < 64; ++index) {
      const [early, late] = [words[index - 15] ?? 0, words[index - 2] ?? 0];
      const small0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
      const small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
      words[index] = (words[index - 16] ?? 0) + small0 + (words[index - 7] ?? 0) + small1;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = this.#state;
    for (let index = 0; index < 64; ++index) {
      const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const first = (h + big1 + ((e & f) ^ (~e & g)) + (kRound[index] ?? 0) + (words[index] ?? 0)) | 0;
      const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, index) => (this.#state[index] = (this.#state[index] ?? 0) + word));
    this.#filled = 0;
  }
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

// The first 32 bits of the fractional parts of the square roots of the first 8 primes, and of the cube roots of
// the first 64.
const kPrimes = primes(64);
const kInitial = kPrimes.slice(0, 8).map((prime) => fraction(prime ** (1 / 2)));
const kRound = new Uint32Array(kPrimes.map((prime) => fraction(prime ** (1 / 3))));

function fraction(root: number): number {
  return Math.floor((root % 1) * 2 ** 32);
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; ++number) {
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  }
  return found;
}
