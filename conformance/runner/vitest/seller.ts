import type { Address } from "viem";
import type { SandboxDescription } from "#sandbox";
import { parseRequest } from "../../config/index.ts";
import { judgedVersion } from "../../engine/index.ts";
import type { SellerRequests } from "../../engine/seller/index.ts";
import { firstLook, freePort } from "../../subjects/index.ts";
import { sellerSuite } from "../../suites.ts";
import { describeSuite } from "./describe-suite.ts";
import { type Startable, serve } from "./served.ts";
import { refuseUnknown, type SuiteOptions, selectionOf, suiteOptionNames } from "./suite-options.ts";

/** What a seller needs to join the sandbox. */
export interface SellerEnvironment {
  /** Base URL of the facilitator that verifies and settles. */
  readonly facilitatorUrl: string;
  readonly payTo: Address;
  /** CAIP-2, `eip155:84532`. */
  readonly network: SandboxDescription["network"];
  readonly chainId: number;
  /** Address of the mock USDC; its EIP-712 domain is `USDC`, version `2`. */
  readonly asset: Address;
  readonly rpcUrl: string;
  /** `POST` here, with any JSON object, each time paid work is done; the suite then also sees work that nobody paid for. */
  readonly workUrl: string;
  /** A free port of 127.0.0.1, where whatever does not listen yet is going to. */
  readonly port: number;
}

const optionalRequests = ["invalid", "free", "alsoPaid", "identified", "streaming", "permit2"] as const;
const requestLists = ["failing", "upto"] as const;

/** The requests of a seller, each as `"METHOD /path [body]"`; what is not given makes the cases that need it skipped. */
export type SellerRequestTexts = { readonly paid: string } & {
  readonly [name in (typeof optionalRequests)[number]]?: string | undefined;
} & {
  /** One or several: that fail in several ways; or that take `upto`, e.g. one for which nothing is charged. */
  readonly [name in (typeof requestLists)[number]]?: string | readonly string[] | undefined;
};

const requestNames = {
  paid: true,
  invalid: true,
  free: true,
  failing: true,
  alsoPaid: true,
  identified: true,
  streaming: true,
  permit2: true,
  upto: true,
} satisfies Record<keyof SellerRequestTexts, true>;

/** A seller to judge, and how. */
export interface SellerSuiteOptions extends SuiteOptions {
  /** Starts the seller: gives a request listener (an Express app is one), a server, or where it listens. */
  readonly start: (environment: SellerEnvironment) => Startable | Promise<Startable>;
  readonly requests: SellerRequestTexts;
  /** Headers of every request, e.g. for an API key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The price may change from one request to the next, and buyers are told so. */
  readonly dynamicPrices?: boolean;
}

const optionNames = {
  ...suiteOptionNames,
  start: true,
  requests: true,
  headers: true,
  dynamicPrices: true,
} satisfies Record<keyof SellerSuiteOptions, true>;

/**
 * Judges a seller in the test file at hand: every case is a test. The seller runs in this process, so whatever restarts
 * it is left out; the command line judges that, too.
 *
 * @throws Problem `usage` when a request is malformed, or there is no such option
 *
 * @example
 * conformance.seller({
 *   start: ({ facilitatorUrl, payTo, network, asset }) => createApp({ facilitatorUrl, payTo, network, asset }),
 *   requests: { paid: "GET /weather?city=Berlin", invalid: "GET /weather", free: "GET /health" },
 * });
 */
export function sellerTests({
  start,
  requests: texts,
  headers = {},
  dynamicPrices = false,
  ...options
}: SellerSuiteOptions): void {
  refuseUnknown(options, optionNames, "option");
  const requests = parseRequests(texts);
  const protocol = judgedVersion(selectionOf(options));
  describeSuite(sellerSuite, options, async (sandbox, basics, atEnd) => {
    const port = await freePort();
    const served = await serve(await start(environmentOf(sandbox, port)), port);
    atEnd(served.stop);
    const { origin } = served.url;
    const subject = {
      name: "seller of this test file",
      origin,
      requests,
      headers: lowerCase(headers),
      dynamicPrices,
    };
    const notices = await firstLook(subject, sandbox, protocol, basics.timeoutMs);
    return { setup: { ...basics, role: "seller", protocol, subject }, notices };
  });
}

function environmentOf(sandbox: SandboxDescription, port: number): SellerEnvironment {
  const { facilitatorUrl, network, chainId, asset, rpcUrl, accounts, adminUrl } = sandbox;
  const workUrl = `${adminUrl}/work`;
  return { facilitatorUrl, payTo: accounts.seller.address, network, chainId, asset, rpcUrl, workUrl, port };
}

function parseRequests(texts: SellerRequestTexts): SellerRequests {
  refuseUnknown(texts, requestNames, "request");
  const parsed = optionalRequests.flatMap((name) => {
    const text = texts[name];
    return text === undefined ? [] : [[name, parseRequest(text, `requests.${name}`)]];
  });
  const lists = requestLists.flatMap((name) => {
    const given = [texts[name] ?? []].flat().map((text) => parseRequest(text, `requests.${name}`));
    return given.length === 0 ? [] : [[name, given]];
  });
  return {
    paid: parseRequest(texts.paid, "requests.paid"),
    ...Object.fromEntries([...parsed, ...lists]),
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
