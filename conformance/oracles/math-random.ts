import { type Hex, hexToBigInt, isHex } from "viem";

/**
 * Tells whether 32 bytes were made of `Math.random`, one call after another, each giving the first bits of its number:
 * bytes by `Math.floor(Math.random() * 256)`, hexadecimal digits by `Math.floor(Math.random() * 16)`, or larger words
 * alike. Whoever sees such bytes once can compute all that the program will draw after them.
 *
 * V8 (Node, Deno, Chrome) makes its numbers with xorshift128+, whose state is 128 bits. Every step is made of shifts and
 * exclusive ors, and a number shows the first bits of the state. So each bit of the output is an exclusive or of bits of
 * the first state, and the output of a state is the exclusive or of the outputs of its bits. 32 bytes are 256 bits: those
 * that `Math.random` can make are a space of 128 dimensions among 256. Bytes that were drawn properly lie in it with a
 * chance of 2^-128; all ways that are tried here together make it 2^-121.
 *
 * Other engines (JavaScriptCore, SpiderMonkey) add where V8 shows the state as it is; their numbers are not recognized.
 */
export function isOfMathRandom(bytes: Hex): boolean {
  if (!isHex(bytes) || bytes.length !== 2 + nonceBits / 4) return false;
  const value = hexToBigInt(bytes);
  spans ??= widths.flatMap((width) => orders(nonceBits / width).map((order) => spanOf(width, order)));
  return value !== 0n && spans.some((span) => reduced(value, span) === 0n);
}

/** Bits of a nonce. */
const nonceBits = 256;

/** Bits that one call gives. */
const widths = [4, 8, 16, 32];

/** Numbers that V8 makes at a time; it hands them out from the last one to the first. */
const batch = 64;

/** Numbers whose exclusive ors are all values that were made in one way. */
type Span = readonly bigint[];

/** Made when first needed, in a tenth of a second; what a value costs then is a millisecond or two. */
let spans: readonly Span[] | undefined;

/** The steps of the generator that so many calls show, in the order of the calls; one for each place where a batch may end. */
function orders(calls: number): readonly (readonly number[])[] {
  return Array.from({ length: calls }, (_, ofTheFirst) =>
    Array.from({ length: calls }, (_, call) =>
      call < ofTheFirst ? ofTheFirst - 1 - call : 2 * batch - 1 - (call - ofTheFirst),
    ),
  );
}

/** Every value of calls that give so many bits each: the exclusive ors of what the bits of the state make of it. */
function spanOf(width: number, order: readonly number[]): Span {
  const span: bigint[] = [];
  for (const states of statesOfBits()) {
    const value = order.reduce(
      (value, step) => (value << BigInt(width)) | ((states[step] ?? 0n) >> BigInt(64 - width)),
      0n,
    );
    const rest = reduced(value, span);
    if (rest !== 0n) span.push(rest);
  }
  return span;
}

/**
 * What is left of a value when everything of the span is taken out of it. In the span, each number's highest bit is in no
 * later one, so that an exclusive or with it makes a value smaller where that bit is set.
 */
function reduced(value: bigint, span: Span): bigint {
  let rest = value;
  for (const number of span) if ((rest ^ number) < rest) rest ^= number;
  return rest;
}

/** For each bit of the generator's state: what two batches show that begin with this bit alone. */
function statesOfBits(): readonly (readonly bigint[])[] {
  bitStates ??= Array.from({ length: 128 }, (_, bit) => shownFrom(1n << BigInt(bit)));
  return bitStates;
}

let bitStates: readonly (readonly bigint[])[] | undefined;

const word = (1n << 64n) - 1n;

/** xorshift128+ as V8 has it: the first half of the state after each step. */
function shownFrom(state: bigint): readonly bigint[] {
  let [first, second] = [state & word, state >> 64n];
  return Array.from({ length: 2 * batch }, () => {
    let mixed = first ^ ((first << 23n) & word);
    mixed ^= mixed >> 17n;
    mixed ^= second ^ (second >> 26n);
    [first, second] = [second, mixed];
    return first;
  });
}
