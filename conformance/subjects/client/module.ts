import type { Address, Hex } from "viem";
import { Problem } from "#sandbox";
import type { ClientUnderTest, Errand, Outcome } from "../../engine/client/index.ts";
import { type ImportOptions, importDefault } from "../../import-in-time.ts";
import { decodeBase64Text } from "../../oracles/wire/index.ts";

/** What a module is given to make its `fetch`: who pays, and where. The chain is a local one, the key worthless. */
export interface PayingFetchContext {
  readonly privateKey: Hex;
  readonly address: Address;
  readonly rpcUrl: string;
  readonly chainId: number;
  /** CAIP-2. */
  readonly network: string;
  readonly asset: Address;
  readonly facilitatorUrl: string;
}

/** A `fetch` that pays when it is asked to. */
export type FetchLike = (input: string | Request, init?: RequestInit) => Promise<Response>;

/** What `--module` names: its default export makes a `fetch` for one payer. It is called anew for every errand. */
export type PayingFetchMaker = (context: PayingFetchContext) => FetchLike | Promise<FetchLike>;

/**
 * Imports a module whose default export is a {@link PayingFetchMaker}.
 *
 * @throws Problem `config`; the signal's reason
 */
export async function importFetchMaker(file: string, loading: ImportOptions = {}): Promise<PayingFetchMaker> {
  const maker = await importDefault(file, loading).catch((cause: unknown) => {
    loading.signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem("config", `${file} cannot be imported: ${reason}`, "Check --module.", { cause });
  });
  if (isMaker(maker)) return maker;
  throw new Problem(
    "config",
    `${file} has no default export that is a function.`,
    "Export a function as default: (context) => fetch, where context has privateKey, rpcUrl, network and asset.",
  );
}

function isMaker(value: unknown): value is PayingFetchMaker {
  return typeof value === "function";
}

/** A client in this process, as `maker` makes it anew for every errand. */
export function moduleClient(maker: PayingFetchMaker): ClientUnderTest {
  return {
    takesRequests: true,
    takesEnvironment: false,
    usesGivenPayer: true,
    run: (errand, signal) => {
      const timedOut = new Promise<Outcome>((settle) => {
        const end = () => settle({ kind: "cut-off", summary: "it did not come to an end", said: "" });
        if (signal.aborted) end();
        signal.addEventListener("abort", end, { once: true });
      });
      return Promise.race([fetchOnce(maker, errand, signal), timedOut]);
    },
    close: async () => {},
  };
}

async function fetchOnce(maker: PayingFetchMaker, errand: Errand, signal: AbortSignal): Promise<Outcome> {
  const { url, method, headers, body, asRequest, caller = signal, payer, sandbox } = errand;
  const { rpcUrl, chainId, network, asset, facilitatorUrl } = sandbox;
  try {
    const fetch = await maker({ ...payer, rpcUrl, chainId, network, asset, facilitatorUrl });
    const init = {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([signal, caller]),
    };
    const response = await (asRequest ? fetch(new Request(url, init)) : fetch(url, init));
    return { kind: "over", summary: `status ${response.status}`, said: await shown(response) };
  } catch (error) {
    return { kind: "over", summary: "an error", said: await told(error) };
  }
}

/** What belongs to the way over the wire, and tells a caller nothing. */
const transportHeaders = ["connection", "content-length", "date", "keep-alive", "transfer-encoding"];

/** What a caller can read in the headers: those of the protocol are base64. */
function headerTexts(headers: Headers): string[] {
  return [...headers]
    .filter(([name]) => !transportHeaders.includes(name))
    .map(([name, value]) => {
      const decoded = /^(x-)?payment-/.test(name) ? decodeBase64Text(value) : undefined;
      return `${name}: ${decoded?.kind === "text" ? decoded.text : value}`;
    });
}

/** The body comes first: where little is quoted, that is what a reader would like to see. */
async function shown(response: Response): Promise<string> {
  return [await response.text(), ...headerTexts(response.headers)].join("\n");
}

/** What an error says, and the errors and the answer that it holds. */
async function told(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  const held = [
    ...("response" in error && error.response instanceof Response ? [answerIn(error.response)] : []),
    ...(error.cause === undefined ? [] : [told(error.cause)]),
  ];
  return [`${error.name}: ${error.message}`, ...(await Promise.all(held))].join("\n\n");
}

/** An answer whose body was read already, or is too large to be a reason, is known by its headers. */
async function answerIn(response: Response): Promise<string> {
  const length = Number(response.headers.get("content-length") ?? Number.POSITIVE_INFINITY);
  const isRead = !response.bodyUsed && length <= largestReason;
  const told = isRead ? await shown(response) : headerTexts(response.headers).join("\n");
  return `status ${response.status}\n${told}`;
}

/** Bytes up to which a refusal's body is read for its reason. */
const largestReason = 65_536;
