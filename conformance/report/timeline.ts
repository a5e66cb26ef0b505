import { formatUnits } from "viem";
import type { CaseResult, ExchangeRecord, FacilitatorCallRecord, TransferRecord } from "../engine/index.ts";
import { field, type Json, parseJson } from "../oracles/wire/index.ts";
import type { Role } from "../requirements/index.ts";

/** Who takes part in an exchange. */
export type Party = "client" | "seller" | "facilitator" | "chain";

/** Something that one party says to another, or does on the chain. */
export interface Step {
  /** Milliseconds since the first step. */
  readonly at: number;
  readonly from: Party;
  readonly to: Party;
  readonly label: string;
  readonly tone: "asks" | "good" | "refuses" | "bad" | "money";
}

/** What happened in a case, in the order in which it happened. */
export interface Timeline {
  readonly parties: readonly Party[];
  readonly steps: readonly Step[];
  /** Steps at the beginning that are too many to be drawn. */
  readonly leftOut: number;
}

/** Most steps that a picture shows. */
const mostSteps = 24;

const paymentHeaders = new Set(["payment-signature", "x-payment"]);

/** Who sends the requests of a case, who answers, and who moves the money. */
const cast: Readonly<
  Record<Role, { readonly asks: Party; readonly answers: Party; readonly settles: Party }>
> = {
  seller: { asks: "client", answers: "seller", settles: "facilitator" },
  client: { asks: "client", answers: "seller", settles: "seller" },
  facilitator: { asks: "seller", answers: "facilitator", settles: "facilitator" },
};

/** What happened in a case; `undefined` when nothing was sent. */
export function timelineOf({
  role,
  exchanges = [],
  facilitatorCalls = [],
  transfers = [],
}: CaseResult): Timeline | undefined {
  const { asks, answers, settles } = cast[role];
  const [first] = exchanges;
  if (first === undefined) return undefined;
  const calls = facilitatorCalls.filter(({ startedAt }) => startedAt >= first.startedAt);
  const all = [
    ...exchanges.flatMap((exchange) => exchangeSteps(exchange, asks, answers)),
    ...calls.flatMap(callSteps),
    ...transfers.flatMap((transfer) =>
      transferStep(transfer, settles, { exchanges, facilitatorCalls: calls }),
    ),
  ].sort((one, other) => one.at - other.at);
  const steps = all.slice(-mostSteps).map((step) => ({ ...step, at: step.at - first.startedAt }));
  const involved = new Set<Party>([...steps.flatMap(({ from, to }) => [from, to]), "chain"]);
  const parties = (["client", "seller", "facilitator", "chain"] as const).filter((party) =>
    involved.has(party),
  );
  return { parties, steps, leftOut: all.length - steps.length };
}

function exchangeSteps(
  { startedAt, durationMs, request, answer }: ExchangeRecord,
  from: Party,
  to: Party,
): Step[] {
  const pays = request.headers.some(([name]) => paymentHeaders.has(name.toLowerCase()));
  const target = request.url.replace(/^https?:\/\/[^/?#]*/, "").replace(/[?#].*$/, "");
  const asked: Step = {
    at: startedAt,
    from,
    to,
    label: `${request.method} ${target}${pays ? " + payment" : ""}`,
    tone: "asks",
  };
  return [asked, { at: startedAt + durationMs, from: to, to: from, ...answered(answer) }];
}

function answered(answer: ExchangeRecord["answer"]): Pick<Step, "label" | "tone"> {
  if (answer.kind === "no-answer") return { label: "no answer", tone: "bad" };
  const { status, headers, body } = answer;
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const receipt = names.has("payment-response") || names.has("x-payment-response") ? " + receipt" : "";
  const price = status === 402 && receipt === "" ? " payment required" : "";
  const said = verdictIn(parseJson(body));
  return { label: `${status}${price}${receipt}${said === "" ? "" : ` ${said}`}`, tone: toneOf(status, said) };
}

function toneOf(status: number, said: string): Step["tone"] {
  if (status >= 500) return "bad";
  return status >= 400 || said.startsWith("not ") ? "refuses" : "good";
}

function callSteps({ endpoint, startedAt, durationMs, answer, fault }: FacilitatorCallRecord): Step[] {
  const said = verdictIn(parseJson(answer));
  const ended: Pick<Step, "label" | "tone"> =
    fault === undefined
      ? { label: said || "answered", tone: said.startsWith("not ") ? "refuses" : "good" }
      : { label: `fault: ${fault}`, tone: "bad" };
  return [
    { at: startedAt, from: "seller", to: "facilitator", label: endpoint, tone: "asks" },
    { at: startedAt + durationMs, from: "facilitator", to: "seller", ...ended },
  ];
}

/** What a facilitator's answer comes to, in a few words; `""` when it is none. */
function verdictIn(answer: Json | undefined): string {
  const isValid = field(answer, "isValid");
  const success = field(answer, "success");
  if (isValid === true) return "valid";
  if (success === true) return "settled";
  const reason = field(answer, isValid === false ? "invalidReason" : "errorReason");
  const why = typeof reason === "string" ? `: ${reason}` : "";
  if (isValid === false) return `not valid${why}`;
  return success === false ? `not settled${why}` : "";
}

/**
 * Money is drawn just before the first answer that names its transaction, or at the end. Where something earlier could
 * have moved it as well, e.g. a call whose answer was lost, all that is known is that it moved by then.
 */
function transferStep(
  { value, transaction }: TransferRecord,
  from: Party,
  { exchanges = [], facilitatorCalls = [] }: Pick<CaseResult, "exchanges" | "facilitatorCalls">,
): Step {
  const chances = [
    ...facilitatorCalls
      .filter(({ endpoint }) => endpoint === "settle")
      .map((call) => ({ ...call, names: call.answer.includes(transaction) })),
    ...exchanges
      .map((exchange) => ({ ...exchange, names: answerNames(exchange, transaction) }))
      .filter(couldSettle),
  ].map(({ startedAt, durationMs, names }) => ({ end: startedAt + durationMs, names }));
  const naming = chances.filter(({ names }) => names).map(({ end }) => end);
  const ends = exchanges.map(({ startedAt, durationMs }) => startedAt + durationMs);
  const end = naming.length > 0 ? Math.min(...naming) : Math.max(...ends);
  const isCertain = naming.length > 0 && chances.every((chance) => chance.names || chance.end > end);
  const label = `${formatUnits(BigInt(value), 6)} USDC${isCertain ? "" : " by now"}`;
  return { at: end - 0.001, from, to: "chain", label, tone: "money" };
}

/** Whether an exchange carries a payment that somebody may settle, or says that one was settled. */
function couldSettle({ request, names }: ExchangeRecord & { readonly names: boolean }): boolean {
  const carriesPayment = request.headers.some(([name]) => paymentHeaders.has(name.toLowerCase()));
  return names || carriesPayment || request.url.endsWith("/settle");
}

function answerNames({ answer }: ExchangeRecord, transaction: string): boolean {
  if (answer.kind === "no-answer") return false;
  const receipts = answer.headers.map(([, value]) => Buffer.from(value, "base64").toString());
  return [answer.body, ...receipts].some((text) => text.includes(transaction));
}
