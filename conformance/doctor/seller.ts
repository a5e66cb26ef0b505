import { formatUnits } from "viem";
import type { JournalEntry, SandboxDescription } from "#sandbox";
import { costOfARun } from "../cost.ts";
import {
  type ApiRequest,
  firstBuyer,
  onWire,
  openContext,
  type RunContext,
  type SubjectSetup,
} from "../engine/seller/index.ts";
import { sendOverWire } from "../oracles/wire/index.ts";
import type { ProtocolId } from "../requirements/index.ts";
import { type Finding, ok, problem, unreachable } from "./finding.ts";
import { requestFindings } from "./requests.ts";
import { challengeFinding, entriesOf, priceOf, termsFindings } from "./terms.ts";

/** How a seller is looked at. */
export interface SellerExamination {
  readonly subject: SubjectSetup;
  readonly sandbox: SandboxDescription;
  readonly protocol: ProtocolId;
  readonly seed: string;
  readonly timeoutMs: number;
  /** Whether the seller can know this sandbox: it was started with it, or runs beside one that was named. */
  readonly knowsSandbox: boolean;
}

/** Looks at a seller step by step, until a step makes the next ones meaningless; buys from it once. */
export async function* examineSeller(examination: SellerExamination): AsyncGenerator<Finding> {
  const { subject, sandbox, protocol, seed, timeoutMs } = examination;
  const { paid } = subject.requests;
  const answer = await sendOverWire(onWire(subject, paid), { timeoutMs });
  const request = `${paid.method} ${subject.origin}${paid.target}`;
  if (answer.kind === "no-answer") {
    yield unreachable(
      "seller",
      `No HTTP answer to ${request}: ${answer.why}.`,
      "Start the seller first, or let it be started with --start.",
    );
    return;
  }
  yield ok("seller", `${request} answers ${answer.status}.`);
  const entries = entriesOf(answer, protocol);
  yield challengeFinding(answer, protocol, entries);
  const context = await openContext({
    role: "seller",
    adminUrl: sandbox.adminUrl,
    seed,
    timeoutMs,
    replay: "",
    protocol,
    subject,
  });
  if (entries !== undefined && entries.length > 0) {
    yield* termsFindings(entries, context, protocol);
    yield* purchaseFindings(context, examination);
  }
  yield* requestFindings(subject, timeoutMs);
  const price = priceOf(entries, protocol);
  const alsoPaid = subject.requests.alsoPaid;
  if (price !== undefined)
    yield costFinding(price, alsoPaid && (await priceFor(subject, alsoPaid, protocol, timeoutMs)));
}

/** Buys once and looks whom the seller asked about the payment. */
async function* purchaseFindings(
  context: RunContext,
  { protocol, sandbox, knowsSandbox }: SellerExamination,
): AsyncGenerator<Finding> {
  const sale = await context.sale(protocol);
  const calls = await context.admin.exchanges(firstBuyer(context, protocol));
  yield facilitatorFinding(calls, sandbox, knowsSandbox);
  if (sale.kind === "sold") yield ok("purchase", "Bought once: served, and settled on chain.");
  else
    yield problem(
      "purchase",
      `An honest purchase failed: ${sale.why}`,
      refusalOf(calls) ?? "See the seller's log.",
    );
}

function facilitatorFinding(
  calls: readonly JournalEntry[],
  { facilitatorUrl }: SandboxDescription,
  knowsSandbox: boolean,
): Finding {
  if (calls.length > 0) {
    const asked = [...new Set(calls.map(({ endpoint }) => `/${endpoint}`))].join(" and ");
    return ok("facilitator", `The seller asked this run's facilitator for ${asked}.`);
  }
  return problem(
    "facilitator",
    `The seller did not ask this run's facilitator, ${facilitatorUrl}, about a payment.`,
    knowsSandbox
      ? "Let it take FACILITATOR_URL from its environment, and look whether it can reach that address from where it runs."
      : "Let it be started with --start, so that it finds FACILITATOR_URL in its environment; or start `x402-assay sandbox`, let the seller use its facilitator, and give --sandbox.",
  );
}

/** What the facilitator answered to a seller that did not serve in the end. */
function refusalOf(calls: readonly JournalEntry[]): string | undefined {
  const last = calls.at(-1);
  if (last === undefined) return undefined;
  return `The facilitator's last answer to it, from /${last.endpoint}: ${JSON.stringify(last.response).slice(0, 300)}`;
}

async function priceFor(subject: SubjectSetup, request: ApiRequest, protocol: ProtocolId, timeoutMs: number) {
  const answer = await sendOverWire(onWire(subject, request), { timeoutMs });
  return answer.kind === "answer" ? priceOf(entriesOf(answer, protocol), protocol) : undefined;
}

function costFinding(price: bigint, alsoPaid: bigint | undefined): Finding {
  const cost = costOfARun({ price, alsoPaid });
  return ok(
    "cost",
    `A run of all cases signs for about ${cost} atomic units, ${formatUnits(cost, 6)} USDC of play money; --budget limits it.`,
  );
}
