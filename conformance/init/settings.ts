import type { ConfiguredHeaders } from "../config/index.ts";
import { costOfARun, paymentsOfARun } from "../cost.ts";
import type { ApiRequest } from "../engine/seller/index.ts";
import type { SellerTarget } from "../stage-seller.ts";
import type { Findings, PaidRequest } from "./look.ts";

/** One line of a configuration: what it says, or what it could say. */
export interface Setting {
  readonly name: string;
  readonly value: string | readonly string[] | ConfiguredHeaders | Readonly<Record<string, string>>;
  /** What it means, and where it comes from; one sentence or two. */
  readonly explains: string;
  /** Whether it is only an example of what could be said. */
  readonly isExample?: boolean;
}

/** A configuration before it is written. */
export interface Settings {
  readonly seller: readonly Setting[];
  readonly run: readonly Setting[];
}

/** What the user said, and what the seller showed. */
export interface Origin {
  readonly target: SellerTarget;
  /** The paid URL as it is to be written, `{port}` and all. */
  readonly url: string;
  readonly headers: ConfiguredHeaders;
  readonly findings: Findings & { readonly paid: PaidRequest };
  /** The command that starts this project, if its package.json has one. */
  readonly startScript: string | undefined;
}

/** The settings for a seller, each with its explanation; what could not be found out is an example. */
export function settingsFor(origin: Origin): Settings {
  return { seller: sellerSettings(origin), run: runSettings(origin.findings.paid) };
}

function sellerSettings({ target, url, headers, findings, startScript }: Origin): Setting[] {
  const { paid, invalid, free, alsoPaid, identified, streaming, permit2, upto } = findings;
  const { requests = {}, start, ready } = target;
  const request = (
    name: keyof NonNullable<SellerTarget["requests"]>,
    found: ApiRequest | undefined,
    example: string,
    explains: string,
    source = "",
  ): Setting => {
    const told = [requests[name] ?? found ?? []].flat();
    const [value = example, ...others] = told.map(requestLine);
    const from = requests[name] === undefined && found !== undefined ? ` ${source}` : "";
    return {
      name,
      value: others.length === 0 ? value : [value, ...others],
      explains: `${explains}${from}`.trim(),
      ...(told.length === 0 ? { isExample: true } : {}),
    };
  };
  return [
    {
      name: "url",
      value: url,
      explains: `A request that costs money: ${priceOf(paid)}. "{port}" stands for the port that start gets.`,
    },
    ...(paid.request.method === "GET"
      ? []
      : [{ name: "method", value: paid.request.method, explains: "Method of that request." }]),
    ...(paid.request.body === undefined
      ? []
      : [{ name: "data", value: paid.request.body, explains: "Body of that request." }]),
    {
      name: "start",
      value: start ?? startScript ?? "node server.js",
      explains:
        "Starts the seller, with PORT, FACILITATOR_URL, PAY_TO, NETWORK, ASSET_ADDRESS and RPC_URL of the run in its environment." +
        (start === undefined ? " Then write {port} in url." : ""),
      ...(start === undefined ? { isExample: true } : {}),
    },
    ...(ready === undefined
      ? []
      : [{ name: "ready", value: ready, explains: "Answers when the seller is ready." }]),
    Object.keys(headers).length > 0
      ? { name: "headers", value: headers, explains: headersExplained }
      : {
          name: "headers",
          value: { "x-api-key": { env: "API_KEY" } },
          explains: headersExplained,
          isExample: true,
        },
    request(
      "invalid",
      invalid?.request,
      "GET /weather",
      "A paid request that must be refused as invalid, and never be charged for.",
      invalid === undefined ? "" : `Here ${invalid.why}.`,
    ),
    request(
      "free",
      free,
      "GET /health",
      "A request that costs nothing.",
      "It was answered without a payment.",
    ),
    request(
      "failing",
      undefined,
      "GET /flaky",
      "A paid request whose handler fails after the payment was verified: nothing may be charged.",
    ),
    request(
      "alsoPaid",
      alsoPaid?.request,
      "GET /premium",
      "Another paid request, best at another price: a payment for one must not buy the other.",
      alsoPaid === undefined ? "" : `${upperFirst(priceOf(alsoPaid))}.`,
    ),
    request(
      "identified",
      identified?.request,
      "GET /ticket",
      "A paid request that requires a payment identifier.",
      "Its challenge says so.",
    ),
    request(
      "streaming",
      streaming?.request,
      "GET /forecast",
      "A paid request whose answer is sent piece by piece.",
      "Its description says so.",
    ),
    request(
      "permit2",
      permit2?.request,
      "GET /almanac",
      "A paid request that takes scheme exact by Permit2.",
      "Its challenge says so.",
    ),
    request(
      "upto",
      upto?.request,
      "GET /summary",
      "A paid request that takes scheme upto; best a list, with one for which nothing is charged.",
      "Its challenge says so.",
    ),
  ];
}

const headersExplained = "Headers of every request. A value from the environment is shown nowhere.";

function runSettings(paid: PaidRequest): Setting[] {
  const price = /^\d+$/.test(paid.amount ?? "") ? BigInt(paid.amount ?? "") : undefined;
  return [
    {
      name: "protocol",
      value: paid.protocol,
      explains: "The version of x402 that is judged; without it v2, and v1 where it is offered.",
      ...(paid.protocol === "x402@2" ? { isExample: true } : {}),
    },
    {
      name: "level",
      value: "must",
      explains: 'The weakest rules to judge: "must", "should" or "all".',
      isExample: true,
    },
    {
      name: "budget",
      value: String(costOfARun({ price: price ?? 1_000n }) * 2n),
      explains: `What the suite may sign for in a whole run, in atomic units; it signs about ${paymentsOfARun.paid} payments. It is play money.`,
      isExample: true,
    },
    {
      name: "report",
      value: { json: "x402-report.json" },
      explains: "Reports to write, by format.",
      isExample: true,
    },
  ];
}

/** The configuration as JSON would have it. */
export function configOf({ seller, run }: Settings): Readonly<Record<string, unknown>> {
  const said = (settings: readonly Setting[]) =>
    Object.fromEntries(
      settings.filter(({ isExample }) => !isExample).map(({ name, value }) => [name, value]),
    );
  return { seller: said(seller), ...said(run) };
}

function requestLine({ method, target, body }: ApiRequest): string {
  return `${method} ${target}${body === undefined ? "" : ` ${body}`}`;
}

/** `GET asks for 1000 atomic units on eip155:84532`; what the server wrote is quoted and cut. */
function priceOf({ request, amount, network }: PaidRequest): string {
  const price = amount === undefined ? "an unclear amount" : `${plain(amount)} atomic units`;
  return `${request.method} asks for ${price} on ${network === undefined ? "no network" : plain(network)}`;
}

/** A text of the server's, fit for one line of a comment. */
function plain(text: string): string {
  return text.replaceAll(/[^\w:.$-]/g, "?").slice(0, 60);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
