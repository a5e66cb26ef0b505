import { isIP } from "node:net";
import { InvalidArgumentError } from "commander";
import { type ProtocolId, protocolIds } from "#sandbox";

/** Reads a TCP port, 0 for a free one. */
export function port(text: string): number {
  return wholeNumber(text, 0, 65_535, "a port from 0 to 65535");
}

/** Reads the IP address of an interface. */
export function host(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new InvalidArgumentError("Expected an IP address, e.g. 0.0.0.0 for all interfaces.");
}

/** Reads a command of the shell. */
export function shellCommand(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("Expected a command; this one is empty. Is a variable in it not set?");
}

/** Reads a seed. */
export function seed(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("Expected a seed; this one is empty. Is a variable not set?");
}

/** Reads a whole number that is at least 1. */
export function positive(text: string): number {
  return wholeNumber(text, 1, Number.MAX_SAFE_INTEGER, "a whole number from 1");
}

/** Reads a whole number, 0 included. */
export function count(text: string): number {
  return wholeNumber(text, 0, Number.MAX_SAFE_INTEGER, "a whole number");
}

/** Reads a number of seconds; at most a day, so that nobody gives milliseconds. */
export function seconds(text: string): number {
  return wholeNumber(text, 1, 86_400, "a whole number of seconds from 1 to 86400");
}

/** Reads a number of milliseconds that a timer can take. */
export function milliseconds(text: string): number {
  return wholeNumber(text, 1, 2_147_483_647, "a whole number of milliseconds from 1");
}

/** Reads an amount of money in atomic units. */
export function atomic(text: string): string {
  if (/^\d{1,30}$/.test(text)) return text;
  throw new InvalidArgumentError("Expected atomic units, e.g. 2000000 for 2 USDC.");
}

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Reads a time with its unit, e.g. `500ms`, `10s`, `1.5m`, up to a day; gives milliseconds. */
export function duration(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const known = (Object.keys(units) as (keyof typeof units)[]).find((each) => each === unit);
  const value = known === undefined ? 0 : Math.round(Number(number) * units[known]);
  if (value >= 1 && value <= 24 * units.h) return value;
  throw new InvalidArgumentError("Expected a time with its unit, such as 500ms, 10s or 5m, up to 24h.");
}

/** Reads how many per second; less than one is fine. */
export function perSecond(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError("Expected a number per second, more than 0.");
}

/** Gathers `Name: value` headers. */
export function header(
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { ...previous, [name]: value };
  throw new InvalidArgumentError('Expected "Name: value".');
}

/** Reads a block number. */
export function blockNumber(text: string): bigint {
  return BigInt(wholeNumber(text, 0, Number.MAX_SAFE_INTEGER, "a block number"));
}

/** Reads an http or https URL; `{port}` may stand in it. */
export function httpUrl(text: string): string {
  const example = text.replaceAll("{port}", "80");
  if (URL.canParse(example) && /^https?:$/.test(new URL(example).protocol)) return text;
  throw new InvalidArgumentError("Expected a URL such as http://127.0.0.1:3000/weather.");
}

/** Reads `I/N`. */
export function shard(text: string): { index: number; count: number } {
  const [, index, count] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? [];
  if (index !== undefined && count !== undefined && Number(index) <= Number(count)) {
    return { index: Number(index), count: Number(count) };
  }
  throw new InvalidArgumentError("Expected I/N with I from 1 to N, e.g. 1/3.");
}

/** Reads versions of x402, separated by commas. */
export function protocols(text: string): ProtocolId[] {
  return text.split(",").map((name) => {
    const id = protocolIds.find((known) => known === name);
    if (id !== undefined) return id;
    throw new InvalidArgumentError(`Expected ${protocolIds.join(" or ")}, or both with a comma.`);
  });
}

/** Gathers a flag that may be given several times. */
export function several(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

function wholeNumber(text: string, least: number, most: number, expected: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new InvalidArgumentError(`Expected ${expected}.`);
}
