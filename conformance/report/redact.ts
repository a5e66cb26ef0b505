import type { CaseResult, ErrandRecord, ExchangeRecord, RecordedHeader } from "../engine/index.ts";

/** What must stand in no report. */
export interface Secrets {
  /** Private keys, as hex. */
  readonly keys: readonly string[];
  /** Other values, e.g. of headers that the configuration takes from the environment. */
  readonly values: readonly string[];
}

/** Takes out of a text what must not be told. */
export type Redact = (text: string) => string;

const redactedMark = "(redacted)";

/** Headers whose value is a secret, whoever sends them. */
const secretHeaders = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "x-auth-token",
]);

/** Values shorter than this say nothing that could be told from ordinary words. */
const shortestSecret = 6;

/** Of a secret that was cut off, so many characters suffice to know it by. */
const telling = 12;

/**
 * `PRIVATE_KEY=…`, `"apiKey": "…"`, `--api-key …`: up to the closing quote, or to the end of the word. The name of a
 * variable is no secret: `x-api-key: $API_KEY`.
 */
const named =
  /((?:private[_-]?key|secret(?:[_-]?key)?|mnemonic|seed[_-]?phrase|passw(?:or)?d|passphrase|api[_-]?key|(?:access|auth|bearer|refresh)[_-]?token|client[_-]?secret)\w*(?:\\?["'])?\s*[:=]\s*)(?!\$\{?\w+)(?:(\\?["']).*?\2|[^\s"'\\,;&})]+)/gi;

const schemes = /\b(Bearer|Basic|Digest) +[\w.~+/=-]{8,}/gi;
// `//127.0.0.1:4021@` names a server, for whoever reads no further than its port, and no account.
const credentialsInUrl = /\/\/(?!(?:localhost|\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}@)[^\s/@:]*:[^\s/@]+@/g;
const jsonWebToken = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const hexNumber = /(0x)?([0-9a-fA-F]{12,})/g;
/** Also a signature in parts, and one of another shape than 65 bytes. */
const signatureField = /((?:\\?")(?:signature|s)(?:\\?")\s*:\s*\\?")(?!0x[0-9a-f]{8}…)([^"\\]{33,})/g;
const base64Run = /[A-Za-z0-9+/_-]{80,}={0,2}/g;

/**
 * Makes what takes secrets out of texts: known keys and values, also where they were cut off; what a name in front of
 * it calls a key, a token or a password; credentials in headers and URLs; and of signatures all but their beginning,
 * because whoever holds a signed authorization can spend it, on any chain that answers to its domain. Looks into
 * base64, too, so that a payment header stays one that can be decoded.
 *
 * @example
 * redactor({ keys: [], values: [process.env.SHOP_TOKEN] })("x-shop: s3cr3t-token") // "x-shop: (redacted)"
 */
export function redactor({ keys, values }: Secrets): Redact {
  const keyBeginnings = new Set(keys.map((key) => key.replace(/^0x/, "").slice(0, telling).toLowerCase()));
  const words = spellings(values.filter((value) => value.length >= shortestSecret));
  const hex = (run: string, prefix = "", digits = "") => {
    if (keyBeginnings.has(digits.slice(0, telling).toLowerCase())) return redactedMark;
    return digits.length > 64
      ? `${prefix}${digits.slice(0, 8)}… (${Math.ceil(digits.length / 2)} bytes)`
      : run;
  };
  const redactPlain = (text: string) =>
    words
      .reduce(withoutWord, text)
      .replace(named, `$1${redactedMark}`)
      .replace(schemes, `$1 ${redactedMark}`)
      .replace(credentialsInUrl, `//${redactedMark}@`)
      .replace(jsonWebToken, redactedMark)
      .replace(hexNumber, hex)
      .replace(signatureField, `$1${redactedMark}`);
  const redactBase64 = (run: string) => {
    const decoded = Buffer.from(run, "base64").toString("utf8");
    if (decoded.includes("\u{fffd}")) return run;
    const clean = redactPlain(decoded);
    return clean === decoded ? run : Buffer.from(clean).toString("base64");
  };
  return (text) => redactPlain(text.replace(base64Run, redactBase64));
}

/** Takes out of a verdict, as a suite gives it, what must not be told. */
export function redactedCase(verdict: CaseResult, redact: Redact): CaseResult {
  const { message, expected, actual, replay, exchanges, errands, ...facts } = verdict;
  return {
    ...facts,
    ...(message === undefined ? {} : { message: redact(message) }),
    ...(expected === undefined ? {} : { expected: redact(expected) }),
    ...(actual === undefined ? {} : { actual: redact(actual) }),
    ...(replay === undefined ? {} : { replay: redact(replay) }),
    ...(exchanges === undefined
      ? {}
      : { exchanges: exchanges.map((each) => redactedExchange(each, redact)) }),
    ...(errands === undefined ? {} : { errands: errands.map((each) => redactedErrand(each, redact)) }),
  };
}

function redactedExchange({ request, answer, ...facts }: ExchangeRecord, redact: Redact): ExchangeRecord {
  const { body } = request;
  return {
    ...facts,
    request: {
      ...request,
      url: redact(request.url),
      headers: redactedHeaders(request.headers, redact),
      ...(body === undefined ? {} : { body: redact(body) }),
    },
    answer:
      answer.kind === "answer"
        ? { ...answer, headers: redactedHeaders(answer.headers, redact), body: redact(answer.body) }
        : { ...answer, why: redact(answer.why) },
  };
}

function redactedHeaders(headers: readonly RecordedHeader[], redact: Redact): RecordedHeader[] {
  return headers.map(([name, value]) => [
    redact(name),
    secretHeaders.has(name.toLowerCase()) ? redactedMark : redact(value),
  ]);
}

function redactedErrand(errand: ErrandRecord, redact: Redact): ErrandRecord {
  return { ...errand, summary: redact(errand.summary), said: redact(errand.said) };
}

/** A value as it stands in text, in JSON and in a URL. */
function spellings(values: readonly string[]): readonly string[] {
  const all = values.flatMap((value) => [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
  ]);
  return [...new Set(all)].sort((one, other) => other.length - one.length);
}

/** Takes out every place that begins as the secret does, as far as it goes on like it: it may have been cut off. */
function withoutWord(text: string, secret: string): string {
  const beginning = secret.slice(0, telling);
  let found = text.indexOf(beginning);
  let rest = text;
  let done = "";
  while (found !== -1) {
    let length = beginning.length;
    while (length < secret.length && rest[found + length] === secret[length]) length += 1;
    done += `${rest.slice(0, found)}${redactedMark}`;
    rest = rest.slice(found + length);
    found = rest.indexOf(beginning);
  }
  return done + rest;
}
