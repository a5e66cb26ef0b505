import { bytesToHex, type Hex, slice } from "viem";
import { expect, test } from "vitest";
import { isOfMathRandom } from "./math-random.ts";

/** So many that a batch of V8's numbers ends at every place within one. */
const many = 200;

test.each([4, 8, 16, 32])("words of %i bits that Math.random made are recognized", (width) => {
  const nonces = Array.from({ length: many }, () => ofMathRandom(width));
  expect(nonces.filter((nonce) => !isOfMathRandom(nonce))).toEqual([]);
});

test("random bytes are not taken for it", () => {
  const nonces = Array.from({ length: many }, () => bytesToHex(crypto.getRandomValues(new Uint8Array(32))));
  expect(nonces.filter(isOfMathRandom)).toEqual([]);
});

test.each([
  ["one changed bit", () => changed(ofMathRandom(8))],
  ["nothing but zeros", () => `0x${"00".repeat(32)}` as const],
  ["a number", () => `0x${"00".repeat(31)}2a` as const],
  ["fewer bytes", () => slice(ofMathRandom(8), 0, 31)],
  ["no hexadecimal digits", () => `0x${"zz".repeat(32)}` as const],
])("%s is not it", (_, make) => {
  expect(isOfMathRandom(make())).toBe(false);
});

/** 32 bytes of words of so many bits, each by one call. */
function ofMathRandom(width: number): Hex {
  const words = Array.from({ length: 256 / width }, () => Math.floor(Math.random() * 2 ** width));
  return `0x${words.map((word) => word.toString(16).padStart(width / 4, "0")).join("")}`;
}

/** The same but for its last bit. */
function changed(nonce: Hex): Hex {
  return `0x${nonce.slice(2, -1)}${(Number.parseInt(nonce.slice(-1), 16) ^ 1).toString(16)}`;
}
